import type { Validation } from '../../shared/contract';
import { rateAt } from '../learning/learningRate';
import { addToAverage } from './average';
import { drawBatch, type PatchSource } from './batch';
import { isSpent, plannedSteps, stepsBetween, type Budget, type Pace } from './budget';
import type { Checkpoint } from './checkpoint';
import { afterStep, freshGuard, lowered } from './guard';
import { meanPsnr, type Turns } from './measure';
import type { Pair } from './pairs';
import { drawOf, wholeBelow } from './random';
import type { LearningState, Trainer } from './trainer';
import { judge } from './verdict';

/** Where the rate ends, of its peak. */
const RATE_FLOOR = 0.05;
const WARM_UP_STEPS = 50;
const WARM_UP_SHARE = 0.05;
/** A death costs at most so much work. */
const CHECKPOINT_SECONDS = 30;

export interface Lesson {
  readonly trainer: Trainer;
  /** What is learned from, by scale. */
  readonly patches: ReadonlyMap<number, PatchSource>;
  readonly kept: readonly Pair[];
  readonly general: readonly Pair[];
  readonly budget: Budget;
  /** The highest learning rate. */
  readonly rate: number;
  readonly seed: number;
}

/** How far a training has come, told after every step. */
export interface Reached {
  readonly step: number;
  readonly steps: number;
  readonly seconds: number;
  readonly loss: number;
}

export interface Surroundings extends Turns {
  /** Seconds on a clock that only goes forwards. */
  readonly now: () => number;
  /** Where an earlier run came to. */
  readonly from: Checkpoint | undefined;
  /** Keeps where it stands; on disk when it resolves. */
  readonly keep: (checkpoint: Checkpoint) => Promise<void>;
  readonly onStep: (reached: Reached) => void;
  /** The newest validation, with the averaged weights that it was made with. */
  readonly onValidation: (validation: Validation, weights: Float32Array) => void;
  /** Somebody asked to stop and keep what there is. */
  readonly isFinishing: () => boolean;
}

export type Ending = 'time' | 'enough' | 'asked';

export interface Learned {
  /** The weights of the best validation; those before training where none was better. */
  readonly best: Float32Array;
  readonly bestValidation: Validation | undefined;
  /** The newest averaged weights, better or not. */
  readonly last: Float32Array;
  readonly validations: readonly Validation[];
  readonly steps: number;
  readonly seconds: number;
  /** Running mean over the last steps. */
  readonly secondsPerStep: number;
  readonly ending: Ending;
}

const zeros = (length: number): Float32Array => new Float32Array(length);

/** A training under way: state that changes from step to step, all of which a checkpoint holds. */
class Training {
  private at: Checkpoint;
  private secondsPerStep: number | null = null;
  private secondsPerValidation = 0;
  private keptAt = 0;
  /** Where to go back to when a step went over the edge. */
  private safe: LearningState;

  constructor(
    private readonly lesson: Lesson,
    private readonly around: Surroundings,
    from: Checkpoint,
  ) {
    this.at = from;
    this.safe = stateOf(from);
  }

  async run(): Promise<Learned> {
    const { lesson, around } = this;
    this.keptAt = around.now();
    if (this.at.validations.length === 0) await this.validate();
    let ending = this.endingBefore();
    while (ending === undefined) {
      await this.step();
      const { step, validations } = this.at;
      if (isSpent(lesson.budget, this.pace)) ending = 'time';
      else if (around.isFinishing()) ending = 'asked';
      const last = validations.at(-1)!.step;
      const since = step - last;
      if (ending !== undefined || since >= stepsBetween(lesson.budget, { ...this.pace, step: last })) {
        if (since > 0) await this.validate();
        if (judge(this.at.validations).isEnough) ending ??= 'enough';
      } else if (around.now() - this.keptAt > CHECKPOINT_SECONDS) await this.keep();
    }
    const { best, average, validations, step, seconds } = this.at;
    const bestValidation = judge(validations).best;
    const secondsPerStep = this.secondsPerStep ?? 0;
    return { best, bestValidation, last: average, validations, steps: step, seconds, secondsPerStep, ending };
  }

  /** Why an earlier run had ended already, where only what came after it was broken off. */
  private endingBefore(): Ending | undefined {
    if (this.at.step === 0) return undefined;
    if (isSpent(this.lesson.budget, this.pace)) return 'time';
    return judge(this.at.validations).isEnough ? 'enough' : undefined;
  }

  private get pace(): Pace {
    const { step, seconds } = this.at;
    return {
      step,
      seconds,
      secondsPerStep: this.secondsPerStep,
      secondsPerValidation: this.secondsPerValidation,
    };
  }

  private async step(): Promise<void> {
    const { trainer, patches, seed, rate: peak, budget } = this.lesson;
    const { around, at } = this;
    const step = at.step + 1;
    const draw = drawOf(seed, step);
    const scales = [...patches.keys()];
    const scale = scales[wholeBelow(draw, scales.length)]!;
    const { channels } = trainer.trainee;
    const batch = drawBatch(patches.get(scale)!, trainer.options.count, channels, draw);
    const steps = Math.max(step, plannedSteps(budget, this.pace));
    const warmUpSteps = Math.max(1, Math.min(WARM_UP_STEPS, Math.round(steps * WARM_UP_SHARE)));
    const rate = at.guard.factor * rateAt({ peak, warmUpSteps, steps, floor: RATE_FLOOR }, step);
    const end = await around.turn();
    const begun = around.now();
    try {
      around.signal.throwIfAborted();
      const { loss, norm, next } = await trainer.step(scale, batch, stateOf(at), rate);
      const { guard, isLost } = afterStep(at.guard, loss, norm);
      const state = isLost ? this.safe : next;
      const spent = around.now() - begun;
      this.secondsPerStep = this.secondsPerStep === null ? spent : 0.9 * this.secondsPerStep + 0.1 * spent;
      const losses = isLost ? at.losses : { sum: at.losses.sum + loss, count: at.losses.count + 1 };
      this.at = { ...at, ...state, guard, losses, step, seconds: at.seconds + spent };
      if (!isLost) addToAverage(this.at.average, state.weights, step);
      else this.at.average.set(state.weights);
      around.onStep({ step, steps, seconds: this.at.seconds, loss: guard.usual ?? loss });
    } finally {
      end();
    }
  }

  /** Measures the averaged weights, judges, and keeps where it stands. */
  private async validate(): Promise<void> {
    const { lesson, around } = this;
    const { trainer } = lesson;
    const begun = around.now();
    const { average, step, losses, before } = this.at;
    const kept = (await meanPsnr(trainer, lesson.kept, average, around))!;
    const general = await meanPsnr(trainer, lesson.general, average, around);
    const spent = around.now() - begun;
    this.secondsPerValidation = spent;
    const seconds = this.at.seconds + spent;
    const first = step === 0 ? { kept, general } : before;
    const validation: Validation = {
      step,
      seconds,
      loss: losses.count === 0 ? null : losses.sum / losses.count,
      rate: this.at.guard.factor * lesson.rate,
      gain: kept - first.kept,
      general: general === null || first.general === null ? null : general - first.general,
    };
    const validations = [...this.at.validations, validation];
    const { isBest, isFalling } = judge(validations);
    this.at = { ...this.at, before: first, validations, seconds, losses: { sum: 0, count: 0 } };
    if (isBest) this.at = { ...this.at, best: average.slice() };
    if (isFalling) this.goBack();
    this.safe = stateOf(this.at);
    around.onValidation(validation, average);
    await this.keep();
  }

  /** It came down from where it was: from the best weights on again, at a lower rate. */
  private goBack(): void {
    const { best, guard } = this.at;
    const length = best.length;
    this.at = {
      ...this.at,
      weights: best.slice(),
      average: best.slice(),
      firstMoment: zeros(length),
      secondMoment: zeros(length),
      count: 0,
      guard: lowered(guard),
    };
  }

  private async keep(): Promise<void> {
    await this.around.keep(this.at);
    this.keptAt = this.around.now();
  }
}

const stateOf = ({ weights, firstMoment, secondMoment, count }: LearningState): LearningState => ({
  weights,
  firstMoment,
  secondMoment,
  count,
});

/** Where a training begins: at the method's own weights. */
export function freshCheckpoint(beginning: Float32Array): Checkpoint {
  return {
    step: 0,
    count: 0,
    seconds: 0,
    losses: { sum: 0, count: 0 },
    guard: freshGuard,
    before: { kept: 0, general: null },
    validations: [],
    weights: beginning,
    firstMoment: zeros(beginning.length),
    secondMoment: zeros(beginning.length),
    average: beginning.slice(),
    best: beginning.slice(),
  };
}

/**
 * Learns until the time is spent, it no longer gets better, or somebody asks for what there is. Throws the abort of
 * `signal`; what was kept last then is where another run goes on.
 */
export function learn(lesson: Lesson, around: Surroundings): Promise<Learned> {
  return new Training(lesson, around, around.from ?? freshCheckpoint(lesson.trainer.beginning)).run();
}
