import { sourcePosition } from '../../../shared/geometry';
import { KERNELS, resampleReach, type Kernel, type KernelName } from './kernels';

/** What one axis of a resampling needs: for every output pixel, where its taps start and their weights. */
export interface AxisWeights {
  /** Taps an output pixel; the same for all. */
  readonly taps: number;
  /** First source index of each output pixel, counted in the photo; outside of it means mirrored. */
  readonly starts: Int32Array;
  /** `taps` weights an output pixel, in a row; each row sums to 1. */
  readonly weights: Float64Array;
}

const LONGEST_PERIOD = 64;

/** Sample positions repeat after `outputs` output pixels, `sources` source pixels further on. */
interface Period {
  readonly outputs: number;
  readonly sources: number;
}

/** The period of a rational scale (x4: 4 and 1; x2.5: 5 and 2); undefined where it is long or there is none. */
export function periodOf(scale: number): Period | undefined {
  for (let outputs = 1; outputs <= LONGEST_PERIOD; outputs++) {
    const sources = Math.round(outputs / scale);
    if (sources > 0 && Math.abs(outputs / scale - sources) <= 1e-13 * sources) return { outputs, sources };
  }
  return undefined;
}

function fillWeights(kernel: Kernel, squeeze: number, offset: number, into: Float64Array): void {
  let sum = 0;
  for (let tap = 0; tap < into.length; tap++) {
    const weight = kernel.weigh((offset - tap) * squeeze);
    into[tap] = weight;
    sum += weight;
  }
  for (let tap = 0; tap < into.length; tap++) into[tap]! /= sum;
}

function nearest(scale: number, start: number, length: number): AxisWeights {
  const starts = new Int32Array(length);
  // A sample half way between two pixels takes the second, also where the division fell a hair short.
  for (let i = 0; i < length; i++) starts[i] = Math.floor((start + i + 0.5) / scale + 1e-10);
  return { taps: 1, starts, weights: new Float64Array(length).fill(1) };
}

/**
 * The weights of output pixels `start` to `start + length` of an axis enlarged (or, below 1, reduced) by
 * `scale`. Depends on nothing but kernel, scale and the pixel's index in the whole enlargement, so a tile
 * has bit for bit the weights of the whole. The method is that of MATLAB's imresize.
 */
export function axisWeights(name: KernelName, scale: number, start: number, length: number): AxisWeights {
  if (name === 'nearest') return nearest(scale, start, length);
  const kernel = KERNELS[name];
  const reach = resampleReach(name, scale);
  const squeeze = Math.min(1, scale);
  const taps = Math.ceil(2 * reach - 1e-9);
  const starts = new Int32Array(length);
  const weights = new Float64Array(length * taps);
  const period = periodOf(scale);
  const own = Math.min(length, period?.outputs ?? length);
  for (let i = 0; i < own; i++) {
    const turns = period ? Math.floor((start + i) / period.outputs) : 0;
    const phase = start + i - turns * (period?.outputs ?? 0);
    const position = sourcePosition(phase, scale);
    const first = Math.floor(position - reach) + 1;
    starts[i] = first + turns * (period?.sources ?? 0);
    const row = i * taps;
    fillWeights(kernel, squeeze, position - first, weights.subarray(row, row + taps));
  }
  for (let i = own; i < length; i++) starts[i] = starts[i - own]! + (period?.sources ?? 0);
  // What repeats is copied, twice as much each time.
  for (let done = own * taps; done < weights.length; done *= 2) weights.copyWithin(done, 0, done);
  return { taps, starts, weights };
}

/** An index outside 0 to `length` - 1 as its mirror image, the border pixel repeated: ... 1 0 | 0 1 2 ... */
export function mirrored(index: number, length: number): number {
  const period = 2 * length;
  const wrapped = ((index % period) + period) % period;
  return wrapped < length ? wrapped : period - 1 - wrapped;
}
