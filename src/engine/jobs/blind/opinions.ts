import * as v from 'valibot';
import { candidatesOf, type BlindComparison } from '../../../shared/blind';
import type { GivenAnswer, Opinion, Opinions } from '../../../shared/contract';
import { makerKey, methodOptionsSchema, type MethodOptions } from '../../../shared/enlargement';
import { bradleyTerry } from '../../kernels/metrics/bradleyTerry';
import {
  blindTrials,
  opinionOf,
  pairWins,
  type BlindTrial,
  type TrialAnswer,
} from '../../kernels/blindTrials';

/** The trials of a comparison, in its order. */
export const trialsOf = (comparison: BlindComparison): BlindTrial[] =>
  blindTrials(comparison.kind, {
    crops: comparison.crops.length,
    candidates: candidatesOf(comparison),
    seed: comparison.seed,
  });

type Candidate = Opinion['method'];

/** A candidate by its place; null: the photo itself. */
const candidateOf = ({ methods }: BlindComparison, place: number): Candidate => methods[place] ?? null;

/** The one key of a candidate: the same for what makes the same pixels. */
export function candidateKey(candidate: Candidate): string {
  if (candidate === null) return 'original';
  const options: MethodOptions = v.parse(methodOptionsSchema, candidate.turned);
  return makerKey({ method: { id: candidate.id, sum: candidate.sum }, options });
}

/** What is compared, and how. */
export type Question = Pick<BlindComparison, 'kind' | 'truth' | 'scale'> & {
  readonly photo: Pick<BlindComparison['photo'], 'sha256'>;
};

/** Comparisons with one key ask the same question, and what is answered is counted together. */
export const questionKey = ({ photo, kind, truth, scale }: Question): string =>
  [photo.sha256, kind, truth, scale].join(' ');

/** Every answer of comparisons, each with what it was about. */
export function answersOf(comparisons: readonly BlindComparison[]): GivenAnswer[] {
  return comparisons.flatMap((comparison) => {
    const { id, rater, photo, kind, truth, scale, seed, crops, answers } = comparison;
    const trials = trialsOf(comparison);
    return answers.map(({ trial, answer, at }): GivenAnswer => {
      const { crop, shown } = trials[trial]!;
      return {
        comparison: id,
        rater,
        photo: photo.name,
        sha256: photo.sha256,
        kind,
        truth,
        scale,
        seed,
        trial,
        crop: crops[crop]!,
        shown: shown.map((place) => candidateOf(comparison, place)),
        answer,
        at,
      };
    });
  });
}

/** Strengths of those candidates that anything is known of, by their places. */
function strengthsOf(
  answers: readonly TrialAnswer[],
  candidates: number,
): (Opinion['strength'] | undefined)[] {
  const wins = pairWins(answers, candidates);
  const known = wins.flatMap((row, place) =>
    row.some((won, other) => won + wins[other]![place]! > 0) ? [place] : [],
  );
  const strengths = bradleyTerry(known.map((one) => known.map((other) => wins[one]![other]!)));
  const found: (Opinion['strength'] | undefined)[] = [];
  strengths?.forEach(({ value, low, high }, k) => (found[known[k]!] = { value, low, high }));
  return found;
}

/** What comparisons that ask the same question say together: of each candidate, the best first. */
function together(comparisons: readonly BlindComparison[]): Opinions {
  const { photo, kind, truth, scale } = comparisons.at(-1)!;
  const candidates = new Map<string, Candidate>();
  const placeOf = new Map<string, number>();
  const answers: TrialAnswer[] = [];
  const crops = new Set<string>();
  for (const comparison of comparisons) {
    const places = Array.from({ length: candidatesOf(comparison) }, (_, place) => {
      const candidate = candidateOf(comparison, place);
      const key = candidateKey(candidate);
      if (!candidates.has(key)) {
        placeOf.set(key, candidates.size);
        candidates.set(key, candidate);
      }
      return placeOf.get(key)!;
    });
    const trials = trialsOf(comparison);
    for (const { trial, answer } of comparison.answers) {
      const { crop, shown } = trials[trial]!;
      const { x, y, width, height } = comparison.crops[crop]!;
      crops.add([x, y, width, height].join(','));
      answers.push({ trial: { crop, shown: shown.map((place) => places[place]!) }, answer });
    }
  }
  const strengths = kind === 'pairs' ? strengthsOf(answers, candidates.size) : [];
  const opinions = [...candidates.values()].flatMap((method, place): Opinion[] => {
    const found = opinionOf(kind, answers, place);
    return found ? [{ method, ...found, strength: strengths[place] ?? null }] : [];
  });
  opinions.sort((a, b) => b.value - a.value);
  return {
    photo,
    kind,
    truth,
    scale,
    comparisons: comparisons.length,
    raters: [...new Set(comparisons.map(({ rater }) => rater))].filter((rater) => rater !== '').sort(),
    crops: crops.size,
    opinions,
  };
}

/** What ended comparisons say, by question; the one that was answered last first. */
export function opinionsOf(comparisons: readonly BlindComparison[]): Opinions[] {
  const questions = new Map<string, BlindComparison[]>();
  for (const comparison of comparisons) {
    const key = questionKey(comparison);
    const all = questions.get(key) ?? [];
    // The newest question comes last in the map.
    questions.delete(key);
    questions.set(key, [...all, comparison]);
  }
  return [...questions.values()].map(together).reverse();
}
