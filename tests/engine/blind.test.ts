import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openPhoto, type FilePhoto } from '../../src/engine/codec/read/open';
import { blindKind, type BlindParts } from '../../src/engine/jobs/blind/blind';
import { BlindPictures } from '../../src/engine/jobs/blind/pictures';
import { BlindRatings, opinionsIn } from '../../src/engine/jobs/blind/ratings';
import { opinionsOnSheet } from '../../src/engine/jobs/sheet/opinions';
import { Enlarged } from '../../src/engine/jobs/sheet/enlarged';
import { blindTrials } from '../../src/engine/kernels/blindTrials';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { OpenPhotos } from '../../src/engine/photos/openPhotos';
import type { Client } from '../../src/engine/schedule/client';
import { BlindComparisons } from '../../src/engine/state/blindComparisons';
import { answersCsv, opinionsCsv } from '../../src/shared/blindTables';
import { sheetDocumentSchema } from '../../src/shared/sheet';
import type { BlindOrder, BlindState, Opinions } from '../../src/shared/contract';
import { waves } from '../cli/pictures';
import { ownFolder } from '../fixtures/ownFolder';
import { lastingJob } from './lastingJob';
import { methodsOn } from './methodSet';

const SEED = 7;
const ME = { id: 'me', gone: new AbortController().signal } as Client;
const job = lastingJob();

type Plan = Exclude<BlindOrder['comparison'], { again: string }>;
const plan = (part: Partial<Plan> = {}): Plan => ({
  kind: 'rate',
  truth: 'none',
  scale: 2,
  methods: [
    { id: 'nearest', turned: {} },
    { id: 'bicubic', turned: {} },
    { id: 'bicubic', turned: { consistent: true } },
  ],
  withOriginal: false,
  crops: [
    { x: 0, y: 0, width: 20, height: 16 },
    { x: 40, y: 30, width: 20, height: 16 },
  ],
  places: 2,
  rater: '',
  device: 'cpu',
  ...part,
});

let catalogue: Pick<Catalogue, 'get' | 'during'>;
beforeAll(async () => {
  catalogue = await methodsOn();
});

/** An engine's part in it, with what is kept in `home`; another on the same folder is another engine. */
async function engine(home: string) {
  const photos = new OpenPhotos<FilePhoto>();
  const path = join(home, 'waves.png');
  await sharp(waves(96, 64), { raw: { width: 96, height: 64, channels: 3 } }).toFile(path);
  const { signal } = job;
  await photos.add(
    'me',
    'photo-1',
    await openPhoto(path, { name: 'waves.png', scratchFolder: home, signal }),
  );
  onTestFinished(() => photos.closeAll('me'));
  const notices: string[] = [];
  const parts: BlindParts = {
    catalogue,
    photos,
    kept: new BlindComparisons(join(home, 'blind'), (sentence) => notices.push(sentence)),
    pictures: new BlindPictures(),
    enlarged: new Enlarged(),
    tableFor: () => Promise.resolve(null),
    besides: (work) => work(),
    version: '1.2.3',
    drawSeed: () => SEED,
  };
  const begin = async (comparison: BlindOrder['comparison']): Promise<BlindState> => {
    const work = await blindKind(parts).begin({ photo: 'photo-1', comparison }, ME, () =>
      Promise.resolve(''),
    );
    return work.run(job);
  };
  return { begin, ratings: new BlindRatings(parts), ask: opinionsIn(parts.kept), notices };
}

/** Answers every trial by what is liked of its candidates. */
async function rate(ratings: BlindRatings, { comparison, kind, answers }: BlindState, likes: number[]) {
  const candidates = likes.length;
  const crops =
    kind === 'rate' ? answers.length / candidates : answers.length / ((candidates * (candidates - 1)) / 2);
  let state: BlindState | undefined;
  for (const [trial, { shown }] of blindTrials(kind, { crops, candidates, seed: SEED }).entries()) {
    const [one = 0, other = 0] = shown.map((candidate) => likes[candidate]!);
    const answer = kind === 'rate' ? one : one > other ? 1 : 2;
    state = await ratings.answer({ comparison, trial, answer });
  }
  await ratings.end(comparison);
  return state!;
}

describe('a blind comparison', () => {
  it('shows pictures, and nothing that says whose they are', async () => {
    const { begin, ratings } = await engine(await ownFolder('blind'));
    const state = await begin(plan());
    expect(state.answers).toEqual([null, null, null, null, null, null]);
    const trials = await Promise.all(
      state.answers.map((_, trial) => ratings.show({ comparison: state.comparison, trial })),
    );
    expect(trials.map(({ pictures }) => pictures.length)).toEqual([1, 1, 1, 1, 1, 1]);
    for (const { pictures } of trials) {
      expect(Object.keys(pictures[0]!).sort()).toEqual(['height', 'pixels', 'width']);
      expect(pictures[0]).toMatchObject({ width: 40, height: 32 });
    }
    // Each crop by each candidate, every one another.
    expect(new Set(trials.map(({ pictures }) => pictures[0]!.pixels)).size).toBe(6);
    const answered = await ratings.answer({ comparison: state.comparison, trial: 0, answer: 4 });
    expect(answered.answers).toEqual([4, null, null, null, null, null]);
    for (const said of [state, answered, await ratings.open(ME, 'photo-1')]) {
      expect(JSON.stringify(said)).not.toMatch(/nearest|bicubic|seed/);
    }
    expect(await ratings.opinions(ME, 'photo-1')).toEqual([]);
    expect(await ratings.answers(ME, undefined)).toEqual([]);
  });

  it('tells what each method is worth once it is ended, whatever the order was', async () => {
    const { begin, ratings } = await engine(await ownFolder('blind'));
    await rate(ratings, await begin(plan({ rater: 'Ada' })), [2, 5, 3]);
    await rate(ratings, await begin(plan({ kind: 'pairs' })), [1, 2, 3]);
    const [pairs, scores] = await ratings.opinions(ME, 'photo-1');
    expect(scores).toMatchObject({ kind: 'rate', comparisons: 1, raters: ['Ada'], crops: 2 });
    expect(scores!.opinions).toMatchObject([
      { method: { id: 'bicubic', turned: {} }, value: 5, low: 5, high: 5, n: 2 },
      { method: { id: 'bicubic', turned: { consistent: true } }, value: 3, n: 2 },
      { method: { id: 'nearest' }, value: 2, n: 2 },
    ]);
    expect(pairs).toMatchObject({ kind: 'pairs', raters: [] });
    expect(pairs!.opinions.map(({ method, value, n }) => [method!.id, value, n])).toEqual([
      ['bicubic', 1, 4],
      ['bicubic', 0.5, 4],
      ['nearest', 0, 4],
    ]);
    // Two crops of each pair, all for the same: with Firth's penalty the steps between the three are alike.
    const [most, middle, least] = pairs!.opinions.map(({ strength }) => strength!);
    expect(middle!.value).toBeCloseTo(0, 9);
    expect(most!.value).toBeCloseTo(-least!.value, 9);
    expect(most!.value).toBeGreaterThan(1);
    expect(most!.low!).toBeLessThan(most!.value);
    expect(scores!.opinions.map(({ strength }) => strength)).toEqual([null, null, null]);
    expect(opinionsCsv([pairs!])[1]!.split(',').at(-3)).toBe(String(most!.value));
    const given = await ratings.answers(ME, 'photo-1');
    expect(given).toHaveLength(6 + 6);
    const [head, ...rows] = opinionsCsv([scores!]);
    expect(head).toBe(
      'photo,sha256,truth,scale,kind,comparisons,raters,crops,method,settings,sum,value,low95,high95,n,strength,strengthLow95,strengthHigh95',
    );
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatch(
      /^waves\.png,[0-9a-f]{64},none,2,rate,1,Ada,2,bicubic,consistent,code,3,3,3,2,,,$/,
    );
    const answers = answersCsv(given);
    expect(answers).toHaveLength(13);
    expect(answers.filter((row) => row.includes(',bicubic:consistent,code,,,3'))).toHaveLength(2);
  });

  it('counts what several raters answered together, by photo and by what makes the pixels', async () => {
    const { begin, ratings } = await engine(await ownFolder('blind'));
    await rate(ratings, await begin(plan({ rater: 'Ada' })), [1, 4, 4]);
    const later = plan({ rater: 'Bo', methods: [...plan().methods].reverse() });
    await rate(ratings, await begin(later), [4, 2, 3]);
    await rate(ratings, await begin(plan({ scale: 3 })), [1, 1, 1]);
    const all = await ratings.opinions(ME, 'photo-1');
    expect(all.map(({ scale, comparisons }) => [scale, comparisons])).toEqual([
      [3, 1],
      [2, 2],
    ]);
    expect(all[1]!.raters).toEqual(['Ada', 'Bo']);
    expect(all[1]!.opinions.map(({ method, value, n }) => [method!.turned, value, n])).toEqual([
      [{ consistent: true }, 4, 4],
      [{}, 3, 4],
      [{}, 2, 4],
    ]);
  });

  it('has the photo itself among the candidates where it was hidden, and only there', async () => {
    const { begin, ratings } = await engine(await ownFolder('blind'));
    const state = await begin(
      plan({ truth: 'hide', withOriginal: true, methods: [{ id: 'nearest', turned: {} }] }),
    );
    const truth = await sharp(waves(96, 64), { raw: { width: 96, height: 64, channels: 3 } })
      .extract({ left: 0, top: 0, width: 20, height: 16 })
      .ensureAlpha()
      .raw()
      .toBuffer();
    const shown = await Promise.all(
      state.answers.map(async (_, trial) => (await ratings.show({ ...state, trial })).pictures[0]!.pixels),
    );
    expect(shown).toContain(truth.toString('base64'));
    await rate(ratings, state, [2, 5]);
    const [found] = await ratings.opinions(ME, 'photo-1');
    expect(found!.opinions.map(({ method, value }) => [method?.id ?? null, value])).toEqual([
      [null, 5],
      ['nearest', 2],
    ]);
    await expect(begin(plan({ withOriginal: true }))).rejects.toThrow('only where it is reduced first');
    await expect(begin(plan({ methods: plan().methods.slice(0, 1) }))).rejects.toThrow('two candidates');
  });

  it('is kept: another engine goes on with it, with the same pictures in the same order', async () => {
    const home = await ownFolder('blind');
    const before = await engine(home);
    const { comparison } = await before.begin(plan({ kind: 'pairs', crops: [], places: 1 }));
    await before.ratings.answer({ comparison, trial: 1, answer: 0 });
    const pictures = await before.ratings.show({ comparison, trial: 2 });
    const after = await engine(home);
    await expect(after.ratings.show({ comparison, trial: 2 })).rejects.toThrow('go on with it again');
    expect(await after.ratings.open(ME, 'photo-1')).toMatchObject([{ comparison, answers: [null, 0, null] }]);
    expect(await after.begin({ again: comparison })).toMatchObject({ comparison, answers: [null, 0, null] });
    expect(await after.ratings.show({ comparison, trial: 2 })).toEqual(pictures);
    await after.ratings.end(comparison);
    await expect(after.ratings.answer({ comparison, trial: 0, answer: 1 })).rejects.toThrow('not ended');
    expect(await before.ratings.opinions(ME, undefined)).toHaveLength(1);
  });

  it('stands on a sheet of the same photo, methods and scale, and stays as it was when that is made again', async () => {
    const { begin, ratings, ask } = await engine(await ownFolder('blind'));
    await rate(ratings, await begin(plan()), [2, 5, 3]);
    const [{ photo }] = (await ratings.opinions(ME, undefined)) as [Opinions];
    const document = (part: object = {}) =>
      v.parse(sheetDocumentSchema, {
        sheet: 1,
        photos: [photo],
        methods: [
          { id: 'bicubic', sum: 'code' },
          { id: 'lanczos', sum: 'code' },
          { id: 'nearest', sum: 'code' },
        ],
        scales: [2],
        style: { opinions: 'rate' },
        ...part,
      });
    const found = await opinionsOnSheet(document(), ask);
    expect(found.opinions).toEqual([
      { photo: 0, method: 0, scale: 2, value: 5, low: 5, high: 5, n: 2 },
      { photo: 0, method: 2, scale: 2, value: 2, low: 2, high: 2, n: 2 },
    ]);
    await rate(ratings, await begin(plan()), [5, 1, 3]);
    expect(await opinionsOnSheet(found, ask)).toEqual(found);
    expect((await opinionsOnSheet(document(), ask)).opinions![0]!.value).toBe(3);
    for (const other of [{ scales: [3] }, { truth: 'hide' }, { style: { opinions: 'pairs' } }]) {
      await expect(opinionsOnSheet(document(other), ask)).rejects.toThrow('compare them blind');
    }
    await rate(ratings, await begin(plan({ kind: 'pairs' })), [1, 2, 3]);
    const [pairs] = (await ratings.opinions(ME, undefined)) as [Opinions];
    const chosen = await opinionsOnSheet(document({ style: { opinions: 'pairs' } }), ask);
    expect(chosen.opinions!.map(({ method, value }) => [method, value])).toEqual([
      [0, 0.5],
      [2, 0],
    ]);
    expect(chosen.opinions!.map(({ strength }) => strength)).toEqual(
      pairs.opinions.slice(1).map(({ strength }) => strength),
    );
  });

  it('refuses answers that are none, keeps the last of one trial, and forgets what nobody answered', async () => {
    const home = await ownFolder('blind');
    const { begin, ratings } = await engine(home);
    const { comparison } = await begin(plan());
    await expect(ratings.answer({ comparison, trial: 0, answer: 0 })).rejects.toThrow('from 1 to 5');
    await expect(ratings.answer({ comparison, trial: 6, answer: 1 })).rejects.toThrow('from 0 to 5');
    await ratings.answer({ comparison, trial: 0, answer: 2 });
    expect((await ratings.answer({ comparison, trial: 0, answer: 5 })).answers[0]).toBe(5);
    const empty = await begin(plan());
    await ratings.end(empty.comparison);
    expect(readdirSync(join(home, 'blind'))).toEqual([`${comparison}.json`]);
  });

  it('that cannot be read is told, left where it is, and costs no other', async () => {
    const home = await ownFolder('blind');
    const { begin, ratings, notices } = await engine(home);
    await rate(ratings, await begin(plan()), [1, 2, 3]);
    const damaged = join(home, 'blind', 'damaged.json');
    writeFileSync(damaged, '{"blind": 1');
    expect(await ratings.opinions(ME, undefined)).toHaveLength(1);
    expect(await ratings.opinions(ME, undefined)).toHaveLength(1);
    expect(notices).toEqual([expect.stringContaining('damaged.json')]);
    expect(readFileSync(damaged, 'utf8')).toBe('{"blind": 1');
  });
});
