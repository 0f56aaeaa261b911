import { raster, type Raster } from '../kernels/raster';
import type { RealDevice } from './runtime';
import type { ModelRef } from '../onnx/modelRef';
import type { SessionPool } from './sessionPool';

/** What a trial must know of a model beside its file. */
export interface TrialShape {
  readonly channels: number;
  /** Output pixels per input pixel of the file; 1 for networks that refine. */
  readonly factor: number;
  /** Of sides that it takes; absent: any. */
  readonly largestInput?: number | undefined;
}

/** How a model answers to a picture, enlarged `factor` times where it is not one file that does just that. */
export interface Trial extends TrialShape {
  readonly answer?: (sessions: SessionPool, device: RealDevice, input: Raster) => Promise<Raster>;
}

/** A device may differ from the CPU by half a step of 8 bits: rounding, not another picture. */
export const TRIAL_TOLERANCE = 0.5 / 255;

const CHECK_WIDTH = 37;
const CHECK_HEIGHT = 29;
const PACE_SIDE = 128;

/** Gradients, edges and noise, the same every time: what networks react to. */
function trialPicture(width: number, height: number, channels: number): Raster {
  const picture = raster(width, height, channels);
  let seed = 0x2545f491;
  for (let i = 0; i < picture.data.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const edge = ((x >> 3) + (y >> 3)) & 1 ? 0.35 : 0;
    picture.data[i] = 0.2 + 0.3 * (x / width) * (y / height) + edge + 0.1 * (seed / 2 ** 32);
  }
  return picture;
}

const outputOf = (input: Raster, factor: number): { width: number; height: number } => ({
  width: input.width * factor,
  height: input.height * factor,
});

function largestDifference(a: Raster, b: Raster): number {
  let largest = 0;
  for (let i = 0; i < a.data.length; i++) {
    const difference = Math.abs(a.data[i]! - b.data[i]!);
    if (!(difference <= largest)) largest = difference; // also when it is not a number
  }
  return largest;
}

function answer(
  sessions: SessionPool,
  model: ModelRef,
  device: RealDevice,
  trial: Trial,
  input: Raster,
): Promise<Raster> {
  if (trial.answer) return trial.answer(sessions, device, input);
  return sessions.use(model, device, (network) => network.run(input, outputOf(input, trial.factor)));
}

/** The network's answer to the trial picture; throws what the device throws. */
export function answerOf(
  sessions: SessionPool,
  model: ModelRef,
  device: RealDevice,
  trial: Trial,
): Promise<Raster> {
  const input = trialPicture(CHECK_WIDTH, CHECK_HEIGHT, trial.channels);
  return answer(sessions, model, device, trial, input);
}

/** How far two answers are apart, as a sentence and as a judgement. */
export function judge(answer: Raster, reference: Raster): { ok: boolean; says: string } {
  const difference = largestDifference(answer, reference);
  const steps = (difference * 255).toFixed(3);
  return difference <= TRIAL_TOLERANCE
    ? { ok: true, says: `agrees with the CPU to ${steps} of a step of 8 bits` }
    : {
        ok: false,
        says: Number.isFinite(difference)
          ? `differs from the CPU by ${steps} steps of 8 bits, where ${TRIAL_TOLERANCE * 255} are allowed`
          : 'gives values that are not numbers',
      };
}

/** Whether an answer is one at all: every value a finite number, in the order of a picture's. */
export function judgeAlone(answer: Raster): { ok: boolean; says: string } {
  const wild = answer.data.findIndex((value) => !(Math.abs(value) < 16));
  return wild < 0
    ? { ok: true, says: 'runs, and its values are a picture' }
    : { ok: false, says: `gives the value ${answer.data[wild]!} where a picture has about 0 to 1` };
}

/** Seconds a megapixel of output that the bare network takes on a tile, after one run to warm up. */
export async function paceOf(
  sessions: SessionPool,
  model: ModelRef,
  device: RealDevice,
  trial: Trial,
): Promise<number> {
  const side = Math.min(PACE_SIDE, trial.largestInput ?? PACE_SIDE);
  const input = trialPicture(side, side, trial.channels);
  await answer(sessions, model, device, trial, input);
  const start = performance.now();
  await answer(sessions, model, device, trial, input);
  const output = outputOf(input, trial.factor);
  return (performance.now() - start) / 1e3 / ((output.width * output.height) / 1e6);
}
