import type { Validation } from '../../shared/contract';

/**
 * When it is enough. Of every validation two figures are held against those before training: the gain on the
 * photos kept aside, and on the general set. Pure: figures in, what follows from them out.
 */

/** Of the general set in dB: a model that loses more has forgotten what it knew, however well it does on the photos. */
export const GENERAL_LOSS_MAX = 0.5;
/** Less in dB is noise between two validations, not progress. */
export const LEAST_PROGRESS = 0.003;
/** So many validations without progress, half of all there will be, and it stops: rates still fall until then. */
export const PATIENCE = 12;
/** A fall below the best by so much in dB, and the rate is too high. */
const FALL = 0.3;

export interface Judged {
  /** The best so far that forgot nothing; undefined: none was better than before training. */
  readonly best: Validation | undefined;
  /** Validations since the last progress. */
  readonly fruitless: number;
  /** Whether the newest one is the best. */
  readonly isBest: boolean;
  /** Whether to go back to the best weights and on at a lower rate. */
  readonly isFalling: boolean;
  readonly isEnough: boolean;
}

const forgot = ({ general }: Validation): boolean => general !== null && general < -GENERAL_LOSS_MAX;

/** What follows from validations, oldest first. The first is the one before training, with a gain of 0. */
export function judge(validations: readonly Validation[]): Judged {
  let best: Validation | undefined;
  let fruitless = 0;
  for (const one of validations) {
    const isBetter = !forgot(one) && one.gain > Math.max(0, best?.gain ?? 0);
    const isProgress = isBetter && one.gain > (best?.gain ?? 0) + LEAST_PROGRESS;
    if (isBetter) best = one;
    fruitless = isProgress ? 0 : fruitless + (one.step > 0 ? 1 : 0);
  }
  const last = validations.at(-1);
  const isFalling =
    last !== undefined && last.step > 0 && (last.gain < (best?.gain ?? 0) - FALL || forgot(last));
  return {
    best,
    fruitless,
    isBest: last !== undefined && best === last,
    isFalling,
    isEnough: fruitless >= PATIENCE,
  };
}
