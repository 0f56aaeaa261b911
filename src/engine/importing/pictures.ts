import { raster, type Raster } from '../kernels/raster';
import type { Numbers } from '../onnx/staticGraphOf';

/** Pictures of one size as a graph takes them, one after the other: [N, C, H, W]. */
export function numbersOf(...pictures: readonly [Raster, ...Raster[]]): Numbers {
  const [{ width, height, channels, data }] = pictures;
  const dims = [pictures.length, channels, height, width];
  if (pictures.length === 1) return { data, dims };
  const all = new Float32Array(pictures.length * data.length);
  for (const [k, picture] of pictures.entries()) all.set(picture.data, k * data.length);
  return { data: all, dims };
}

/** The picture that a graph gave, [1, C, H, W]. */
export const rasterOf = ({ data, dims }: Numbers): Raster => raster(dims[3]!, dims[2]!, dims[1]!, data);
