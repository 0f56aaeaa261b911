import type { ModelRef } from '../onnx/modelRef';
import type { Verdict } from '../state/store';
import { deviceAtStart, inShort } from './deviceWords';
import type { RealDevice } from './runtime';
import type { SessionPool } from './sessionPool';
import { answerOf, judge, judgeAlone, paceOf, type Trial } from './trial';
import type { Judgement, Verdicts } from './verdicts';

export interface DeviceTrialsParts {
  /** The runtime's version: another one is tried anew. */
  readonly version: string;
  readonly sessions: SessionPool;
  readonly notice: (sentence: string) => void;
}

/** Tries models on devices against the CPU's result, and speaks of devices that do not give it. */
export class DeviceTrials {
  constructor(
    private readonly parts: DeviceTrialsParts,
    private readonly verdicts: Verdicts,
  ) {}

  known(model: ModelRef, device: RealDevice): Verdict | undefined {
    return this.verdicts.known(this.keyOf(model, device));
  }

  /** The verdict of a trial now; of one that runs already, and on the CPU of an earlier good one. */
  async verdict(model: ModelRef, trial: Trial, device: RealDevice): Promise<Verdict> {
    const known = this.known(model, device);
    if (device === 'cpu' && known?.ok) return known;
    return this.verdicts.find(
      this.keyOf(model, device),
      () => this.tryOn(model, trial, device),
      (error) => this.say(model, device, `failed its self-check: ${inShort(error)}`),
    );
  }

  /** Holds a failure in use against a device, and says so. */
  async holdAgainst(model: ModelRef, device: RealDevice, says: string): Promise<void> {
    this.say(model, device, says);
    await this.verdicts.remember(this.keyOf(model, device), { ok: false, says, secondsPerMegapixel: null });
  }

  private async tryOn(model: ModelRef, trial: Trial, device: RealDevice): Promise<Judgement> {
    const { sessions } = this.parts;
    const answer = await answerOf(sessions, model, device, trial);
    const judged =
      device === 'cpu' ? judgeAlone(answer) : judge(answer, await answerOf(sessions, model, 'cpu', trial));
    if (!judged.ok) this.say(model, device, judged.says);
    return {
      ok: judged.ok,
      says: judged.says,
      secondsPerMegapixel: judged.ok ? await paceOf(sessions, model, device, trial) : null,
    };
  }

  private say(model: ModelRef, device: RealDevice, says: string): void {
    this.parts.notice(`${deviceAtStart(device)} is not used for ${model.method}: it ${says}.`);
  }

  private keyOf(model: ModelRef, device: RealDevice): string {
    return `${model.sha256}|${this.parts.version}|${device}`;
  }
}
