import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Claims } from '../../src/engine/jobs/claims';
import { Journal, readJournal, readRecords } from '../../src/engine/jobs/journal';
import { follow, isDeadly, isKeptFailure, stateAfter, type JobRecord } from '../../src/engine/jobs/ledger';
import { Slots } from '../../src/engine/jobs/slots';
import { reachedBy } from '../../src/engine/jobs/upscale/marks';
import { makePrivateFolder } from '../../src/privateFolders/privateFolder';
import { seeded } from '../unit/seeded';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'enlarger-ledger-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const begun = {
  record: 'begun',
  version: 1,
  job: 'job1',
  kind: 'upscale',
  title: 'p.png',
  at: 5,
  order: { a: 1 },
} as const;
const taken: JobRecord = { record: 'taken', at: 6 };
const mark = (n: number): JobRecord => ({ record: 'mark', mark: n, further: true });
const done: JobRecord = { record: 'ended', as: 'done', result: 7 };

describe('the ledger of one job', () => {
  it('begins with one record, and with no other', () => {
    expect(() => follow(undefined, taken)).toThrow('begins with one record');
    expect(() => stateAfter([begun, begun])).toThrow('begins with one record');
    expect(stateAfter([])).toBeUndefined();
  });

  it('changes no more once it has ended', () => {
    const ended = stateAfter([begun, taken, mark(1), done])!;
    const more: JobRecord[] = [
      taken,
      mark(2),
      { record: 'anew', order: 0 },
      { record: 'ended', as: 'stopped' },
    ];
    for (const record of more) expect(follow(ended, record)).toEqual(ended);
    expect(ended.end).toMatchObject({ as: 'done', result: 7 });
  });

  it('keeps a failure where that was asked for, and begins anew from it', () => {
    const failed: JobRecord = { record: 'ended', as: 'failed' };
    const anew: JobRecord = { record: 'anew', order: { b: 2 } };
    const kept = { ...begun, keepsFailure: true } as const;
    expect(isKeptFailure(stateAfter([kept, taken, mark(1), failed])!)).toBe(true);
    expect(stateAfter([kept, taken, mark(1), failed, mark(2)])).toMatchObject({ marks: [1] });
    expect(stateAfter([kept, taken, mark(1), failed, anew])).toMatchObject({
      marks: [],
      order: { b: 2 },
      end: undefined,
    });
    for (const end of ['done', 'stopped'] as const) {
      const ended = stateAfter([kept, { record: 'ended', as: end }])!;
      expect(isKeptFailure(ended)).toBe(false);
      expect(follow(ended, anew)).toEqual(ended);
    }
    expect(isKeptFailure(stateAfter([begun, failed])!)).toBe(false);
  });

  it('lays deaths at a job only where nothing was reached between them', () => {
    expect(isDeadly(stateAfter([begun, taken, taken])!)).toBe(true);
    expect(isDeadly(stateAfter([begun, taken])!)).toBe(false);
    const note: JobRecord = { record: 'mark', mark: 'a folder' };
    expect(isDeadly(stateAfter([begun, taken, note, taken, note])!)).toBe(true);
    expect(isDeadly(stateAfter([begun, taken, mark(1), taken, mark(2)])!)).toBe(false);
    expect(isDeadly(stateAfter([begun, taken, taken, { record: 'renewed', order: 0 }])!)).toBe(false);
  });

  it('forgets what was reached where it begins anew, and has the new order', () => {
    const state = stateAfter([begun, taken, mark(1), { record: 'anew', order: { b: 2 } }])!;
    expect(state).toMatchObject({ marks: [], order: { b: 2 }, fruitless: 0 });
  });
});

describe('what marks of an upscale add up to', () => {
  const planned = {
    mark: 'planned',
    version: '1',
    photo: { bytes: 1, changedAt: 2 },
    method: 'code',
    columns: 2,
    rows: 2,
    scratch: ['a'],
    map: [],
  };
  const tiles = (...some: number[]) => ({
    mark: 'tiles',
    tiles: some,
    squares: 2,
    devices: ['cpu'],
    seconds: 1,
  });

  it('is every tile once, however they were marked', () => {
    const { tiles: found, squares, seconds } = reachedBy([planned, tiles(0, 2), tiles(1)]);
    expect([[...found].sort(), squares, seconds]).toEqual([[0, 1, 2], 4, 2]);
  });

  it('is nothing of a plan before the last', () => {
    expect(reachedBy([planned, tiles(0, 1, 2), planned]).tiles.size).toBe(0);
  });
});

describe('a journal', () => {
  it('is read to its last whole record, wherever it was torn, and goes on from there', async () => {
    const journal = await Journal.begin(join(folder, 'job1'), begun);
    for (const record of [taken, mark(1), mark(2)]) await journal.append(record);
    await journal.close();
    const path = join(folder, 'job1', 'journal');
    const bytes = await readFile(path);
    const whole = readRecords(bytes);
    expect([whole.records.length, whole.wholeBytes]).toEqual([4, bytes.length]);
    for (let length = 0; length < bytes.length; length++) {
      const { records, wholeBytes } = readRecords(bytes.subarray(0, length));
      expect(records).toEqual(whole.records.slice(0, records.length));
      expect(wholeBytes).toBeLessThanOrEqual(length);
    }
    await appendFile(path, bytes.subarray(0, 20));
    const again = (await Journal.reopen(join(folder, 'job1')))!;
    await again.append(mark(3));
    await again.close();
    expect((await readJournal(join(folder, 'job1')))!.marks).toEqual([1, 2, 3]);
  });

  it('trusts nothing behind a changed byte', async () => {
    const journal = await Journal.begin(join(folder, 'job1'), begun);
    for (let n = 0; n < 5; n++) await journal.append(mark(n));
    await journal.close();
    const bytes = await readFile(join(folder, 'job1', 'journal'));
    const random = seeded(3);
    for (let round = 0; round < 50; round++) {
      const at = random.whole(0, bytes.length - 1);
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << random.whole(0, 6);
      const { records, wholeBytes } = readRecords(damaged);
      expect(wholeBytes).toBeLessThanOrEqual(at);
      expect(records.length).toBeLessThan(6);
    }
  });
});

describe('a claim', () => {
  it('is one engine’s of many that want it, and another’s only when that one is gone', async () => {
    const job = join(folder, 'job');
    await mkdir(job);
    const engines = join(folder, 'engines');
    await mkdir(engines);
    const folders = await Promise.all(Array.from({ length: 6 }, () => makePrivateFolder(engines)));
    const claims = folders.map(({ path }) => new Claims(path));
    const won = await Promise.all(claims.map((one) => one.take(job)));
    expect(won.filter((one) => one)).toHaveLength(1);
    const first = won.indexOf(true);
    expect(await claims[first]!.holder(job)).toBe('this');
    const others = claims.filter((_, at) => at !== first);
    expect(await others[0]!.holder(job)).toBe('another');
    expect(await others[0]!.take(job)).toBe(false);
    await folders[first]!.close();
    const next = await Promise.all(others.map((one) => one.take(job)));
    expect(next.filter((one) => one)).toHaveLength(1);
    for (const one of folders) await one.close();
  });
});

describe('slots', () => {
  it('let two work, and of those over which an engine died one', async () => {
    const slots = new Slots(2);
    const signal = new AbortController().signal;
    const begun: string[] = [];
    const take = async (name: string, alone: boolean): Promise<() => void> => {
      const free = await slots.take(alone, signal);
      begun.push(name);
      return free;
    };
    const first = await take('suspect', true);
    const second = take('suspect too', true);
    const third = await take('plain', false);
    expect(begun).toEqual(['suspect', 'plain']);
    third();
    first();
    (await second)();
    expect(begun).toEqual(['suspect', 'plain', 'suspect too']);
  });
});
