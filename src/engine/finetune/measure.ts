import { IDENTICAL_DB } from '../kernels/metrics/psnr';
import { raster } from '../kernels/raster';
import { lumaOf } from '../pixels/luma';
import type { Numbers } from '../onnx/staticGraphOf';
import { wholeBatch } from './batch';
import type { Pair } from './pairs';
import type { Trainer } from './trainer';

/** The picture's luma, where it has colours. */
function lumaIn({ data, dims }: Numbers): Float32Array {
  const [, channels, height, width] = dims as [number, number, number, number];
  return channels === 1 ? data : lumaOf(raster(width, height, 3, data)).data;
}

/** PSNR of luma in dB without a border; values are clipped to [0, 1] as a saved picture has them. */
export function lumaPsnr(result: Numbers, target: Numbers, border: number): number {
  const clipped = (value: number): number => Math.min(1, Math.max(0, value));
  const [a, b] = [lumaIn({ ...result, data: result.data.map(clipped) }), lumaIn(target)];
  const [height, width] = [target.dims[2]!, target.dims[3]!];
  let [sum, count] = [0, 0];
  for (let y = border; y < height - border; y++) {
    for (let x = border; x < width - border; x++) {
      sum += (a[y * width + x]! - b[y * width + x]!) ** 2;
      count++;
    }
  }
  return sum === 0 ? IDENTICAL_DB : 10 * Math.log10(count / sum);
}

export interface Turns {
  readonly signal: AbortSignal;
  turn(): Promise<() => void>;
}

/** The mean over pairs of the PSNR that the weights reach; a turn for each. Null where there are none. */
export async function meanPsnr(
  trainer: Trainer,
  pairs: readonly Pair[],
  weights: Float32Array,
  turns: Turns,
): Promise<number | null> {
  let sum = 0;
  for (const pair of pairs) {
    const { input, target } = wholeBatch(pair, trainer.trainee.channels);
    const end = await turns.turn();
    try {
      turns.signal.throwIfAborted();
      sum += lumaPsnr(await trainer.enlarge(pair.scale, input, weights), target, pair.scale);
    } finally {
      end();
    }
  }
  return pairs.length === 0 ? null : sum / pairs.length;
}
