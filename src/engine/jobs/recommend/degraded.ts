import type { PhotoCondition } from '../../../shared/contract';
import { blurred, LUMA_OF_NOISE, noisy, type ThroughJpeg } from '../../finetune/degradation';
import type { Raster } from '../../kernels/raster';

/** A blur of less changes nothing in 8 bits. */
const BLUR_LEAST = 0.1;

/**
 * An input made as bad as its photo is, by what the photo's condition names: blurred as the photo is at its own pixels
 * (less what is left of its blur after reducing), with its noise, and coded as JPEG of its quality.
 */
export async function degraded(
  input: Raster,
  { findings, blur, noise, jpegQuality }: PhotoCondition,
  scale: number,
  throughJpeg: ThroughJpeg,
): Promise<Raster> {
  let result = input;
  const lacking = (blur ?? 0) * Math.sqrt(1 - 1 / (scale * scale));
  if (findings.includes('blurred') && lacking > BLUR_LEAST) result = blurred(result, lacking);
  if (findings.includes('noise') && noise !== null) {
    result = noisy(result, result.channels === 1 ? noise : noise / LUMA_OF_NOISE, result.data.length);
  }
  if (findings.includes('jpeg-blocks') && jpegQuality !== null)
    result = await throughJpeg(result, jpegQuality);
  return result;
}
