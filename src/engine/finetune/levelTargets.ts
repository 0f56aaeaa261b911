import { lowPass } from '../kernels/lowPass';
import { raster } from '../kernels/raster';
import { LEVELS, MIDDLE_LEVEL } from '../learning/losses/crossEntropy';
import type { Numbers } from '../onnx/staticGraphOf';

/** Of the low-pass that cuts FCS's frequencies apart, in output pixels at x1: it grows with the scale. */
const SIGMA = 1;

const levelOf = (difference: number): number =>
  Math.max(0, Math.min(LEVELS - 1, Math.round(difference * 255) + MIDDLE_LEVEL));

/** The 8-bit difference of every colour to the plain enlargement [N, C, H, W], as levels [N, 1, C, H, W]. */
export function levelsBeside(original: Numbers, base: Numbers): Numbers {
  const [count, ...rest] = original.dims;
  const data = original.data.map((value, k) => levelOf(value - base.data[k]!));
  return { data, dims: [count!, 1, ...rest] };
}

/** Low frequencies of the originals [N, C, H, W], then the levels of what they lack: [N, 2, C, H, W]. */
export function lowAndLevels({ data, dims }: Numbers, scale: number): Numbers {
  const [count, channels, height, width] = dims as [number, number, number, number];
  const length = channels * height * width;
  const targets = new Float32Array(2 * data.length);
  for (let k = 0; k < count; k++) {
    const picture = data.subarray(k * length, (k + 1) * length);
    const smooth = lowPass(raster(width, height, channels, picture), SIGMA * scale).data;
    targets.set(smooth, 2 * k * length);
    targets.set(
      picture.map((value, at) => levelOf(value - smooth[at]!)),
      (2 * k + 1) * length,
    );
  }
  return { data: targets, dims: [count, 2, channels, height, width] };
}
