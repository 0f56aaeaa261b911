import { BLIND_SCORE_MAX, type BlindComparison } from '../../../shared/blind';
import type { BlindState, GivenAnswer, Opinions, Params, Value } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import type { Client } from '../../schedule/client';
import type { BlindComparisons } from '../../state/blindComparisons';
import { sumOfPhoto } from '../photoSum';
import type { LeasedPhotos } from '../upscale/source';
import { answersOf, opinionsOf, questionKey, trialsOf, type Question } from './opinions';
import type { BlindPictures } from './pictures';

export interface BlindRatingsParts {
  readonly kept: BlindComparisons;
  readonly pictures: BlindPictures;
  readonly photos: LeasedPhotos;
}

/** What may be known of a comparison while it is rated. */
export function stateOf(comparison: BlindComparison): BlindState {
  const { id, kind, answers } = comparison;
  const given = new Map(answers.map(({ trial, answer }) => [trial, answer]));
  return {
    comparison: id,
    kind,
    answers: trialsOf(comparison).map((_, trial) => given.get(trial) ?? null),
  };
}

const isEnded = ({ endedAt }: BlindComparison): boolean => endedAt !== null;

/** Throws `bad-option` for a comparison that takes no more answers. */
export function expectOpen(comparison: BlindComparison): void {
  if (!isEnded(comparison)) return;
  throw new FaultError('bad-option', 'Expected a blind comparison that is not ended; begin a new one.');
}

/** Blind comparisons as raters meet them: pictures without names, answers, and what they say once they are ended. */
export class BlindRatings {
  constructor(private readonly parts: BlindRatingsParts) {}

  async show({ comparison: id, trial }: Params<'blind:show'>): Promise<Value<'blind:show'>> {
    const comparison = await this.parts.kept.get(id);
    const { crop, shown } = this.trial(comparison, trial);
    return { pictures: shown.map((candidate) => this.parts.pictures.get(id, crop, candidate)) };
  }

  async answer({ comparison: id, trial, answer }: Params<'blind:answer'>): Promise<BlindState> {
    const changed = await this.parts.kept.change(id, (now) => {
      expectOpen(now);
      this.trial(now, trial);
      const most = now.kind === 'rate' ? BLIND_SCORE_MAX : 2;
      const least = now.kind === 'rate' ? 1 : 0;
      if (answer < least || answer > most) {
        throw new FaultError(
          'bad-option',
          `Expected an answer from ${least} to ${most}, received ${answer}.`,
        );
      }
      const others = now.answers.filter((one) => one.trial !== trial);
      return { ...now, answers: [...others, { trial, answer, at: Date.now() }] };
    });
    return stateOf(changed);
  }

  async end(id: string): Promise<void> {
    const { kept, pictures } = this.parts;
    if ((await kept.get(id)).answers.length === 0) await kept.remove(id);
    else await kept.change(id, (now) => ({ ...now, endedAt: now.endedAt ?? Date.now() }));
    pictures.forget(id);
  }

  async forget(id: string): Promise<void> {
    this.parts.pictures.forget(id);
    await this.parts.kept.remove(id);
  }

  /** Comparisons of a photo that wait for answers, the newest first. */
  async open(client: Client, photo: string): Promise<Value<'blind:open'>> {
    const found = await this.of(client, photo);
    return found
      .filter((one) => !isEnded(one))
      .reverse()
      .map((one) => ({ ...stateOf(one), begunAt: one.begunAt, rater: one.rater }));
  }

  async opinions(client: Client, photo: string | undefined): Promise<Opinions[]> {
    return opinionsOf((await this.of(client, photo)).filter(isEnded));
  }

  async answers(client: Client, photo: string | undefined): Promise<GivenAnswer[]> {
    return answersOf((await this.of(client, photo)).filter(isEnded));
  }

  private async of(client: Client, token: string | undefined): Promise<BlindComparison[]> {
    const all = await this.parts.kept.list();
    if (token === undefined || all.length === 0) return all;
    const { photo, end } = this.parts.photos.lease(client.id, token);
    try {
      const sha256 = await sumOfPhoto(photo, client.gone);
      return all.filter((one) => one.photo.sha256 === sha256);
    } finally {
      end();
    }
  }

  private trial(comparison: BlindComparison, trial: number) {
    const all = trialsOf(comparison);
    const found = all[trial];
    if (found) return found;
    throw new FaultError('bad-option', `Expected a trial from 0 to ${all.length - 1}, received ${trial}.`);
  }
}

/** Asks what ended comparisons say to one question; undefined where none was asked. */
export const opinionsIn =
  (kept: Pick<BlindComparisons, 'list'>) =>
  async (question: Question): Promise<Opinions | undefined> => {
    const key = questionKey(question);
    const all = (await kept.list()).filter((one) => isEnded(one) && questionKey(one) === key);
    return opinionsOf(all)[0];
  };
