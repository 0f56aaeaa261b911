import type { BlindKind } from '../../shared/blind';
import { meanOpinion, winShare, type Estimate } from './metrics/opinion';
import { mulberry32, type Draw } from './random';

/** What is shown at once: a crop as one candidate made it, or as two did, from left to right. */
export interface BlindTrial {
  readonly crop: number;
  readonly shown: readonly number[];
}

/** Fisher, Yates: every order is as likely. */
function shuffled<T>(all: readonly T[], draw: Draw): T[] {
  const found = [...all];
  for (let k = found.length - 1; k > 0; k--) {
    const other = Math.floor(draw() * (k + 1));
    [found[k], found[other]] = [found[other]!, found[k]!];
  }
  return found;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/**
 * The trials of a blind comparison in the order that its seed gives: to be rated, each candidate on each crop, one at a
 * time; in pairs, each candidate beside each other on each crop, left and right by chance. The same seed, the same
 * order.
 */
export function blindTrials(
  kind: BlindKind,
  { crops, candidates, seed }: { crops: number; candidates: number; seed: number },
): BlindTrial[] {
  const draw = mulberry32(seed);
  const all = upTo(crops).flatMap((crop): BlindTrial[] =>
    upTo(candidates).flatMap((one) =>
      kind === 'rate'
        ? [{ crop, shown: [one] }]
        : upTo(one).map((other) => ({ crop, shown: draw() < 0.5 ? [one, other] : [other, one] })),
    ),
  );
  return shuffled(all, draw);
}

/** An answer to a trial: a score of 1 to 5; of a pair 1 the left, 2 the right, 0 neither. */
export interface TrialAnswer {
  readonly trial: BlindTrial;
  readonly answer: number;
}

/** How often each candidate (row) was chosen over each other one (column); a draw is half for both. */
export function pairWins(answers: readonly TrialAnswer[], candidates: number): number[][] {
  const wins = upTo(candidates).map(() => upTo(candidates).map(() => 0));
  for (const { trial, answer } of answers) {
    const [left, right] = trial.shown;
    if (left === undefined || right === undefined) continue;
    wins[left]![right]! += answer === 0 ? 0.5 : Number(answer === 1);
    wins[right]![left]! += answer === 0 ? 0.5 : Number(answer === 2);
  }
  return wins;
}

/** What answers say of a candidate: its mean opinion score, or the share of its pairs that it won. Null: nothing. */
export function opinionOf(
  kind: BlindKind,
  answers: readonly TrialAnswer[],
  candidate: number,
): Estimate | null {
  const own = answers.filter(({ trial }) => trial.shown.includes(candidate));
  if (kind === 'rate') return meanOpinion(own.map(({ answer }) => answer));
  const wins = own.map(({ trial, answer }) =>
    answer === 0 ? 0.5 : trial.shown[answer - 1] === candidate ? 1 : 0,
  );
  return winShare(
    wins.reduce<number>((sum, win) => sum + win, 0),
    own.length,
  );
}
