/** How long a training may take: by the clock, or by a number of steps, which makes it repeatable. */
export type Budget = { readonly minutes: number } | { readonly steps: number };

/** A validation costs at most this share of the time. */
const VALIDATION_SHARE = 0.1;
/** Validations of a whole training, beside the first few. */
const VALIDATIONS = 24;
/** Before so many steps nothing can have been learned. */
const FEWEST_STEPS = 8;

/** What is known of the pace. */
export interface Pace {
  /** Steps taken, in this run and in those before. */
  readonly step: number;
  /** Spent in training, validations included. */
  readonly seconds: number;
  /** Of one step; null before the first. */
  readonly secondsPerStep: number | null;
  /** Of one validation. */
  readonly secondsPerValidation: number;
}

/** Steps that the whole training will have: the schedule of the rate ends there. */
export function plannedSteps(budget: Budget, { step, seconds, secondsPerStep }: Pace): number {
  if ('steps' in budget) return budget.steps;
  const left = Math.max(0, budget.minutes * 60 - seconds) * (1 - VALIDATION_SHARE);
  return step + Math.ceil(left / (secondsPerStep ?? 1));
}

export const isSpent = (budget: Budget, { step, seconds }: Pace): boolean =>
  'steps' in budget ? step >= budget.steps : seconds >= budget.minutes * 60;

/** Validations that the budget has room for. */
function affordable(budget: Budget, { secondsPerValidation }: Pace): number {
  if ('steps' in budget || secondsPerValidation === 0) return VALIDATIONS;
  const room = Math.floor((budget.minutes * 60 * VALIDATION_SHARE) / secondsPerValidation);
  return Math.max(1, Math.min(VALIDATIONS, room));
}

/**
 * Steps from one validation, which is at `step`, to the next: where there is room for many, at first a few steps so
 * that something is known soon, then three times as many as there have been, and in the end even shares of the whole.
 */
export function stepsBetween(budget: Budget, pace: Pace): number {
  const count = affordable(budget, pace);
  const even = Math.max(1, Math.ceil(plannedSteps(budget, pace) / count));
  return count < VALIDATIONS / 2 ? even : Math.min(even, Math.max(FEWEST_STEPS, 3 * pace.step));
}
