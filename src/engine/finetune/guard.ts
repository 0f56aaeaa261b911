/** A loss so many times the usual one is a step over the edge. */
const JUMP = 10;
/** Losses before which nothing is usual. */
const USUAL_AFTER = 10;
const MEMORY = 0.95;
/** What is left of the rate after each such step. */
export const RATE_CUT = 0.5;

/** What the steps so far say of the rate. */
export interface Guard {
  /** Of the scheduled rate. */
  readonly factor: number;
  /** Running mean of the loss; null at the beginning. */
  readonly usual: number | null;
  readonly seen: number;
}

export const freshGuard: Guard = { factor: 1, usual: null, seen: 0 };

/** The rate was too high: less of it from now on, and no memory of losses that came of it. */
export const lowered = ({ factor }: Guard): Guard => ({ factor: factor * RATE_CUT, usual: null, seen: 0 });

/**
 * Follows a step's loss and the length of its gradient. `isLost`: what the step made must not be kept (a number that
 * is none, or a loss far beyond the usual one), and the guard is one with a lower rate.
 */
export function afterStep(guard: Guard, loss: number, norm: number): { guard: Guard; isLost: boolean } {
  const { usual, seen } = guard;
  const isFinite = Number.isFinite(loss) && Number.isFinite(norm);
  if (!isFinite || (usual !== null && seen >= USUAL_AFTER && loss > JUMP * usual)) {
    return { guard: lowered(guard), isLost: true };
  }
  const mean = usual === null ? loss : MEMORY * usual + (1 - MEMORY) * loss;
  return { guard: { ...guard, usual: mean, seen: seen + 1 }, isLost: false };
}
