import { outputSize, wholeOf } from '../../shared/geometry';
import { raster } from '../kernels/raster';
import type { KernelName } from '../kernels/resample/kernels';
import { resample } from '../kernels/resample/resample';
import type { Numbers } from '../onnx/staticGraphOf';

/** Pictures [count, channels, height, width], each enlarged by the reference resampler. */
export function enlargedBatch({ data, dims }: Numbers, scale: number, kernel: KernelName): Numbers {
  const [count, channels, height, width] = dims as [number, number, number, number];
  const size = outputSize({ width, height }, scale);
  const [length, enlarged] = [channels * height * width, channels * size.height * size.width];
  const all = new Float32Array(count * enlarged);
  for (let k = 0; k < count; k++) {
    const picture = raster(width, height, channels, data.subarray(k * length, (k + 1) * length));
    const whole = wholeOf<'source'>(picture);
    all.set(resample(picture, whole, picture, scale, wholeOf<'output'>(size), kernel).data, k * enlarged);
  }
  return { data: all, dims: [count, channels, size.height, size.width] };
}
