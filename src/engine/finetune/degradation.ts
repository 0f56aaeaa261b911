import { gaussianFilter } from '../kernels/gaussian';
import { raster, type Raster } from '../kernels/raster';
import { mirrored } from '../kernels/resample/weights';
import { drawOf, normal } from './random';

/** What a camera or a site does to a photo beside making it smaller. */
export interface Degradation {
  /** Standard deviation of a Gaussian, in pixels of the original; 0: none. */
  readonly blur: number;
  /** Standard deviation in steps of 8 bits, after the reduction; 0: none. */
  readonly noise: number;
  /** Quality of a JPEG of the reduced picture; null: none. */
  readonly jpeg: number | null;
}

/** Writes a picture as JPEG and reads it again. */
export type ThroughJpeg = (picture: Raster, quality: number) => Promise<Raster>;

/** What luma keeps of noise that is independent in each colour: the length of its weights. */
export const LUMA_OF_NOISE = Math.hypot(0.299, 0.587, 0.114);

/** Beyond so many standard deviations a Gaussian is nothing in 8 bits. */
const REACH = 3;

/** A Gaussian blur, pictures mirrored at their edges. @param sigma in pixels, above 0. */
export const blurred = (picture: Raster, sigma: number): Raster =>
  gaussianFilter(picture, sigma, Math.ceil(REACH * sigma), mirrored);

/** Noise of a normal distribution, clipped to [0, 1]. @param deviation in steps of 8 bits. */
export function noisy(picture: Raster, deviation: number, seed: number): Raster {
  const draw = drawOf(seed, 0);
  const data = picture.data.map((value) =>
    Math.min(1, Math.max(0, value + (normal(draw) * deviation) / 255)),
  );
  return raster(picture.width, picture.height, picture.channels, data);
}

/** A reduced picture as noise and JPEG leave it; its blur came before the reduction. */
export async function spoiled(
  reduced: Raster,
  { noise, jpeg }: Pick<Degradation, 'noise' | 'jpeg'>,
  seed: number,
  throughJpeg: ThroughJpeg,
): Promise<Raster> {
  const grainy = noise > 0 ? noisy(reduced, noise, seed) : reduced;
  return jpeg === null ? grainy : throughJpeg(grainy, jpeg);
}
