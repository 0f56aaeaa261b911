import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MethodChange } from '../../src/shared/contract';
import { rect } from '../../src/shared/geometry';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { raster } from '../../src/engine/kernels/raster';
import { FakeRuntime } from './fakeRuntime';
import { enlarge, methodsOn, resources } from './methodSet';
import { writeOwnModel } from './ownModels';

let models: string;
beforeEach(async () => (models = join(await mkdtemp(join(tmpdir(), 'enlarger-own-')), 'models')));
afterEach(() => rm(join(models, '..'), { recursive: true, force: true }));

const photo = photoOf(raster(8, 8, 3), 'photo');

async function opened(runtime = new FakeRuntime()) {
  const catalogue = await methodsOn(runtime, resources, models);
  const told: MethodChange[] = [];
  catalogue.onChange((changes) => told.push(...changes));
  return { catalogue, runtime, told, notices: catalogue.notices };
}

const use = (of: Awaited<ReturnType<typeof opened>>, id: string): Promise<unknown> =>
  of.catalogue.during(id, undefined, (method) => enlarge(method, photo, 2, rect(0, 0, 8, 8)));

describe('the catalogue', () => {
  it('needs no folder for the user’s models, and finds it once it is there', async () => {
    const all = await opened();
    expect(all.notices).toEqual([]);
    await mkdir(models, { recursive: true });
    expect(await all.catalogue.refresh()).toEqual([]);
    await writeOwnModel(join(models, 'mine'), 'mine', 'fsrcnn', { origin: 'personal', source: 'six photos' });
    expect(await all.catalogue.refresh()).toEqual([{ id: 'mine', change: 'added' }]);
    expect(all.catalogue.list.at(-1)).toMatchObject({ origin: 'personal', source: 'six photos' });
    expect(all.catalogue.get('mine').card.sum).toBe(all.catalogue.get('fsrcnn').card.sum);
  });

  it('says of a model from elsewhere that it is imported', async () => {
    await writeOwnModel(join(models, 'theirs'), 'theirs', 'espcn', { paper: null });
    expect((await opened()).catalogue.list.at(-1)).toMatchObject({ origin: 'imported', source: null });
  });

  it('does not load again what did not change', async () => {
    await writeOwnModel(join(models, 'mine'), 'mine');
    const { catalogue, told } = await opened();
    const before = catalogue.get('mine');
    await catalogue.refresh();
    expect(catalogue.get('mine')).toBe(before);
    // Another time, the same contents: somebody copied it over itself.
    await utimes(join(models, 'mine', 'x2.onnx'), new Date(), new Date(0));
    await catalogue.refresh();
    expect(catalogue.get('mine')).toBe(before);
    expect(told).toEqual([]);
  });

  it('takes a draft over, whole, and replaces what had its id', async () => {
    const all = await opened();
    const first = await writeOwnModel(await all.catalogue.draft(), 'mine');
    expect(all.catalogue.list.some(({ method }) => method.id === 'mine')).toBe(false);
    const { method } = await all.catalogue.install(first, 'mine');
    const second = await writeOwnModel(await all.catalogue.draft(), 'mine', 'espcn');
    const { method: replaced } = await all.catalogue.install(second, 'mine');
    expect(replaced.card.sum).toBe(all.catalogue.get('espcn').card.sum);
    expect(() => all.catalogue.get('mine', method.card.sum)).toThrow(/trained or installed again/);
    expect(all.told).toEqual([
      { id: 'mine', change: 'added' },
      { id: 'mine', change: 'replaced' },
    ]);
    expect(await readdir(models)).toEqual(['mine']);
  });

  it('leaves everything as it was where a draft is no model', async () => {
    const all = await opened();
    await all.catalogue.install(await writeOwnModel(await all.catalogue.draft(), 'mine'), 'mine');
    const draft = await all.catalogue.draft();
    await writeFile(join(draft, 'manifest.json'), '{}');
    await expect(all.catalogue.install(draft, 'mine')).rejects.toMatchObject({
      fault: { code: 'bad-message', message: expect.stringContaining('manifest') as string },
    });
    expect(all.catalogue.get('mine').card.sum).toBe(all.catalogue.get('fsrcnn').card.sum);
    expect((await readdir(models)).filter((name) => !name.startsWith('.'))).toEqual(['mine']);
  });

  it('says in a sentence what a folder lacks that is no model', async () => {
    await mkdir(join(models, 'empty'), { recursive: true });
    await writeOwnModel(join(models, 'cut'), 'cut');
    await writeFile(join(models, 'cut', 'manifest.json'), '{"format": 1,');
    await writeOwnModel(join(models, 'half'), 'half');
    await rm(join(models, 'half', 'x2.onnx'));
    const { notices } = await opened();
    expect(notices.map((sentence) => sentence.slice(sentence.indexOf('models/')))).toEqual([
      expect.stringMatching(
        /^models\/cut was left out: Expected manifest.json to be JSON, found that it is not/,
      ),
      'models/empty was left out: Expected manifest.json in it, found none; put the file there, or remove the folder.',
      'models/half was left out: Expected x2.onnx in it, found none; put the file there, or remove the folder.',
    ]);
  });

  it.each(['fsrcnn', 'bicubic'])('never lets a model of the user’s stand in for %s', async (id) => {
    const all = await opened();
    const draft = await writeOwnModel(await all.catalogue.draft(), id, 'espcn');
    await expect(all.catalogue.install(draft, id)).rejects.toMatchObject({
      fault: { code: 'bad-model', message: expect.stringContaining('never replaced') as string },
    });
    const before = all.catalogue.get(id);
    await rename(draft, join(models, id));
    await all.catalogue.refresh();
    await all.catalogue.refresh();
    expect(all.catalogue.get(id)).toBe(before);
    expect(all.notices).toHaveLength(1);
    expect(all.notices[0]).toMatch(new RegExp(`models/${id} was left out: .*choose another name`));
    await expect(all.catalogue.remove(id)).rejects.toMatchObject({
      fault: { code: 'bad-option', message: expect.stringContaining('comes with Enlarger') as string },
    });
  });

  it('removes a model at once, and says so to whoever asks for it later', async () => {
    await writeOwnModel(join(models, 'mine'), 'mine');
    const all = await opened();
    await all.catalogue.remove('mine');
    expect(all.told).toEqual([{ id: 'mine', change: 'removed' }]);
    expect(() => all.catalogue.get('mine')).toThrow(/mine, but it was removed; choose another one/);
    expect(await readdir(models)).toEqual([]);
    await writeOwnModel(join(models, 'mine'), 'mine');
    await all.catalogue.refresh();
    expect(all.catalogue.get('mine').id).toBe('mine');
  });

  it('leaves loaded what another method has too', async () => {
    await writeOwnModel(join(models, 'mine'), 'mine');
    const all = await opened();
    await use(all, 'mine');
    await all.catalogue.remove('mine');
    await new Promise(setImmediate);
    expect(all.runtime.released).toEqual([]);
    await use(all, 'fsrcnn');
    expect(all.runtime.opened).toEqual(['mine on cpu']);
  });

  it('releases what nobody else has once nobody uses it', async () => {
    const unlike = (digit: string): Promise<string> =>
      writeOwnModel(join(models, 'mine'), 'mine', 'fsrcnn', {
        files: [
          {
            scale: 2,
            file: 'x2.onnx',
            sha256: digit.repeat(64),
            receptiveField: { before: 1, after: 1, exact: true },
            macsPerPixel: 1,
          },
        ],
        scales: [2],
      });
    await unlike('a');
    const all = await opened();
    await use(all, 'mine');
    await unlike('b');
    await all.catalogue.during('mine', undefined, async () => {
      await all.catalogue.refresh();
      await new Promise(setImmediate);
      expect(all.runtime.released).toEqual([]);
    });
    await new Promise(setImmediate);
    expect(all.runtime.released).toEqual(['mine on cpu']);
  });
});

describe('models that a killed process left half replaced', () => {
  /** Renaming sets the time of the folder's change, which no test can set back. */
  const asIfLongAgo = async (): Promise<void> => {
    const now = Date.now;
    Date.now = () => now() + 48 * 3_600_000;
    try {
      await opened();
    } finally {
      Date.now = now;
    }
  };

  it('come back where the new one had not come yet', async () => {
    await writeOwnModel(join(models, '.replaced-my-own-0f3a'), 'my-own');
    await asIfLongAgo();
    expect(await readdir(models)).toEqual(['my-own']);
  });

  it('go where it had', async () => {
    await writeOwnModel(join(models, '.replaced-mine-0f3a'), 'mine');
    await writeOwnModel(join(models, 'mine'), 'mine', 'espcn');
    await writeOwnModel(join(models, '.draft-x'), 'never');
    await asIfLongAgo();
    expect(await readdir(models)).toEqual(['mine']);
    const { catalogue } = await opened();
    expect(catalogue.get('mine').card.sum).toBe(catalogue.get('espcn').card.sum);
  });

  it('are left alone while somebody may be at it', async () => {
    await writeOwnModel(join(models, '.draft-x'), 'soon');
    await writeOwnModel(join(models, '.replaced-mine-0f3a'), 'mine');
    expect((await opened()).catalogue.list.every(({ origin }) => origin === 'bundled')).toBe(true);
    expect((await readdir(models)).sort()).toEqual(['.draft-x', '.replaced-mine-0f3a']);
  });
});
