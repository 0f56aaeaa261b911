import type { MethodCard } from '../../shared/contract';
import { usualPace } from '../../shared/pace';

/** Output of one step: eight patches of 32 x 32 reduced pixels, in megapixels at x2 (engine/jobs/finetune). */
const STEP_MEGAPIXELS = (8 * (32 * 2) ** 2) / 1e6;
/** A step against enlarging as much: forward without prepared weights, back, and the optimiser. */
const STEP_COST = 6;

/** About how many steps there will be; null where the method's pace here is not measured yet. */
export function forecastSteps(card: MethodCard, minutes: number): number | null {
  const secondsPerMegapixel = usualPace(card);
  if (secondsPerMegapixel === null || secondsPerMegapixel <= 0) return null;
  const steps = (minutes * 60) / (secondsPerMegapixel * STEP_MEGAPIXELS * STEP_COST);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(steps)));
  return Math.max(1, Math.round(steps / digits) * digits);
}
