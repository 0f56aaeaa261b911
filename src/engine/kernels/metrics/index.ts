import type { Metrics } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { isEmpty, type Rect } from '../../../shared/geometry';
import { alphaOf, colourOf, withAlpha } from '../color/alpha';
import { colourChannels, raster, type Raster } from '../raster';
import { eightBit, innerRect, lumaSamples } from './luma';
import { msSsim } from './msSsim';
import { psnr } from './psnr';
import { ssim } from './ssim';

export interface MeasureOptions {
  /** Pixels left out on every side; papers leave out as many as the scale. */
  readonly border: number;
}

function tripled(grey: Raster): Raster {
  const colour = colourOf(grey);
  const data = new Float32Array(3 * colour.data.length);
  for (let c = 0; c < 3; c++) data.set(colour.data, c * colour.data.length);
  return withAlpha(raster(grey.width, grey.height, 3, data), alphaOf(grey));
}

/** The part that is measured; faults where the pictures differ in size or the border leaves nothing. */
function comparedPart(reference: Raster, result: Raster, border: number): Rect {
  if (reference.width !== result.width || reference.height !== result.height) {
    throw new FaultError(
      'size-mismatch',
      `Expected two pictures of one size; the reference has ${reference.width} x ${reference.height} pixels, ` +
        `the result ${result.width} x ${result.height}.`,
    );
  }
  const part = innerRect(reference, border);
  if (isEmpty(part)) {
    throw new FaultError(
      'bad-option',
      `Expected a border that leaves something to measure; ${border} pixels on each side leave nothing of ` +
        `${reference.width} x ${reference.height}.`,
    );
  }
  return part;
}

/** Both pictures with as many colour channels: a grey one beside a coloured one counts as coloured. */
function alike(reference: Raster, result: Raster): [Raster, Raster] {
  if (colourChannels(reference) === colourChannels(result)) return [reference, result];
  return colourChannels(reference) === 1 ? [tripled(reference), result] : [reference, tripled(result)];
}

/**
 * PSNR-Y and SSIM-Y alone, as the papers report them: both pictures (values in [0, 1]) rounded to 8 bits,
 * BT.601 luma, `border` pixels left out on each side; two grey pictures are compared as they are.
 * Alpha is left out. PSNR is null where nothing differs.
 */
export function measureLuma(
  reference: Raster,
  result: Raster,
  { border }: MeasureOptions,
): { psnrY: number | null; ssimY: number } {
  const part = comparedPart(reference, result, border);
  const [left, right] = alike(reference, result);
  const [a, b] = [lumaSamples(left, part), lumaSamples(right, part)];
  return { psnrY: psnr(a.values, b.values), ssimY: ssim(a, b).ssim };
}

/** All figures of the contract but LPIPS, whose network is not part of these kernels; see `measureLuma`. */
export function measure(reference: Raster, result: Raster, { border }: MeasureOptions): Metrics {
  const part = comparedPart(reference, result, border);
  const [left, right] = alike(reference, result);
  const [a, b] = [lumaSamples(left, part), lumaSamples(right, part)];
  const colours = (of: Raster): Float32Array => {
    const pixels = part.width * part.height;
    const all = new Float32Array(colourChannels(of) * pixels);
    for (let c = 0; c < colourChannels(of); c++) all.set(eightBit(of, c, part).values, c * pixels);
    return all;
  };
  const similarity = ssim(a, b);
  return {
    psnrY: psnr(a.values, b.values),
    ssimY: similarity.ssim,
    psnrRgb: psnr(colours(left), colours(right)),
    msSsimY: msSsim(a, b, similarity),
    border,
    lpips: null,
  };
}
