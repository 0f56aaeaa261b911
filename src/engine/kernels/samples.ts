import { rect, type Rect, type Size } from '../../shared/geometry';

/**
 * Samples of a picture, which stand for it where a mean over all of it is wanted: with means of 49 squares of 32 pixels what
 * RCAN makes of photographs is 0.6 of a step of 8 bits off at most, with 25 of 40 more than one (docs/performance.md).
 */
const SAMPLES = 49;
export const SAMPLE_SIDE = 32;

/**
 * The middles of a regular grid of about `SAMPLES` cells as square as can be, each grown to a sample, which reaches beyond
 * a picture that is narrower.
 */
export function samplesOf({ width, height }: Size): Rect[] {
  const columns = Math.min(SAMPLES, Math.max(1, Math.round(Math.sqrt((SAMPLES * width) / height))));
  const rows = Math.max(1, Math.round(SAMPLES / columns));
  const starts = (count: number, length: number): number[] =>
    Array.from({ length: count }, (_, k) => Math.round(((k + 0.5) * length) / count - SAMPLE_SIDE / 2));
  return starts(rows, height).flatMap((y) =>
    starts(columns, width).map((x) => rect(x, y, SAMPLE_SIDE, SAMPLE_SIDE)),
  );
}
