import { PairMeter, type MeasureOptions, type PairFigures } from './pairMeter';
import type { Pixels } from './samples';

/** The figures of two pictures in memory, with MS-SSIM: see `PairMeter`. */
export function measure(reference: Pixels, result: Pixels, options: MeasureOptions): PairFigures {
  const meter = new PairMeter(reference, result, { ...options, withMultiScale: true });
  meter.add(reference, result);
  return meter.figures;
}

/** PSNR-Y and SSIM-Y alone, as the papers report them. */
export function measureLuma(
  reference: Pixels,
  result: Pixels,
  options: MeasureOptions,
): Pick<PairFigures, 'psnrY' | 'ssimY'> {
  const meter = new PairMeter(reference, result, options);
  meter.add(reference, result);
  const { psnrY, ssimY } = meter.figures;
  return { psnrY, ssimY };
}
