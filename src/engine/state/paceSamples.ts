import * as v from 'valibot';

/** One measurement of a method's pace. */
export const paceSampleSchema = v.object({
  /** A megapixel of output. */
  seconds: v.number(),
  /** Processor seconds a second meanwhile: fewer than usual where other programs had the machine. */
  cores: v.number(),
});
export type PaceSample = v.InferOutput<typeof paceSampleSchema>;

/** How many are remembered, the newest. */
const KEPT = 7;
/** Samples with a smaller share of the most processor time seen were taken beside other programs. */
const FAIR_SHARE = 0.75;

/** Work on the processor that had less of it than this, processor seconds a second, says nothing of its pace. */
const LEAST_CORES = 0.7;

/** Whether all of them were taken while other programs had the machine; of work on the processor alone. */
export const areCrowded = (samples: readonly PaceSample[]): boolean =>
  samples.every(({ cores }) => cores < LEAST_CORES);

/** The samples with one more. */
export const withSample = (samples: readonly PaceSample[], next: PaceSample): PaceSample[] =>
  [...samples, next].slice(-KEPT);

/**
 * Seconds a megapixel: the median of those samples that had the machine for themselves; null where there are none.
 * One that was taken beside a busy program counts only until there is a better one.
 */
export function paceOf(samples: readonly PaceSample[]): number | null {
  const most = Math.max(...samples.map(({ cores }) => cores));
  const fair = samples.filter(({ cores }) => cores >= FAIR_SHARE * most).map(({ seconds }) => seconds);
  fair.sort((a, b) => a - b);
  return fair[Math.floor((fair.length - 1) / 2)] ?? null;
}
