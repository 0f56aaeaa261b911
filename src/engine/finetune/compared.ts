import { measureLuma } from '../kernels/metrics';
import { IDENTICAL_DB } from '../kernels/metrics/psnr';
import { meanOf } from '../kernels/metrics/statistics';
import type { Raster } from '../kernels/raster';
import type { Lpips } from '../metrics/lpips';
import type { Turns } from './measure';

/** An original and its reduction, to be enlarged again. */
export interface Exam {
  readonly original: Raster;
  readonly reduced: Raster;
  readonly scale: number;
  /** The photo that it is of, by name. */
  readonly photo: string;
}

export interface Figures {
  readonly psnrY: number;
  readonly lpips: number | null;
}

/** What a method makes of an exam's reduction. */
export type Enlarge = (exam: Exam) => Promise<Raster>;

/**
 * What a method makes of the exams, measured as `enlarger evaluate` measures: 8 bits, luma, a border as wide as the
 * scale left out; LPIPS where its network is given. Means over all exams.
 */
export async function figuresOf(
  enlarge: Enlarge,
  exams: readonly Exam[],
  lpips: Lpips | undefined,
  turns: Turns,
): Promise<Figures> {
  const luma: number[] = [];
  const distances: number[] = [];
  for (const exam of exams) {
    const result = await enlarge(exam);
    luma.push(measureLuma(exam.original, result, { border: exam.scale }).psnrY ?? IDENTICAL_DB);
    const distance = await lpips?.distance(exam.original, result, exam.scale, turns);
    if (distance !== undefined && distance !== null) distances.push(distance);
  }
  return {
    psnrY: meanOf(luma),
    lpips: distances.length === exams.length ? meanOf(distances) : null,
  };
}
