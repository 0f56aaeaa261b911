import type { Raster } from './raster';

/** Numbers as a network takes them. */
export interface Stack {
  readonly data: Float32Array;
  readonly dims: readonly [pictures: number, channels: number, height: number, width: number];
}

/** Pictures of one size, one after the other: [N, C, H, W]; one alone is not copied. */
export function stacked(...pictures: readonly Raster[]): Stack {
  const { width, height, channels, data } = pictures[0]!;
  const dims = [pictures.length, channels, height, width] as const;
  if (pictures.length === 1) return { data, dims };
  const all = new Float32Array(pictures.length * data.length);
  for (const [k, picture] of pictures.entries()) all.set(picture.data, k * data.length);
  return { data: all, dims };
}
