import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherPhotos, kindOfInput } from '../../src/cli/photoFiles';
import { unreadSentence } from '../../src/cli/unreadFiles';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'enlarger-gather-'));
  const files = [
    'photos/img10.jpg',
    'photos/img2.JPG',
    'photos/notes.txt',
    'photos/.hidden.jpg',
    'photos/2019/sea [1].png',
    'photos/2019/summer/b.tif',
    'photos/.thumbnails/img2.jpg',
    'photos/large/img2-enlarger-x4.png',
    'more/c.webp',
    'empty/notes.txt',
    'photos/GOPR1.GPR',
    'photos/2019/poster.psd',
  ];
  for (const file of files) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), 'x');
  }
  symlinkSync(join(root, 'photos'), join(root, 'photos/2019/loop'));
});
afterAll(() => rmSync(root, { recursive: true }));

const gather = async (...inputs: string[]) => {
  const found = await gatherPhotos(
    inputs.map((input) => join(root, input)),
    join(root, 'photos/large'),
  );
  const shown = found.photos.map(({ path, folder }) => `${path.slice(root.length + 1)} -> ${folder}`);
  return { shown, faults: found.faults.map(({ fault }) => fault.message.replaceAll(root, '')) };
};

describe('pictures of kinds that cannot be read', () => {
  it.each(['photos', 'photos/**'])('are named, of %s', async (input) => {
    const { unread } = await gatherPhotos([join(root, input)], join(root, 'photos/large'));
    expect(unread.map((path) => path.slice(root.length + 1)).sort()).toEqual([
      'photos/2019/poster.psd',
      'photos/GOPR1.GPR',
    ]);
  });

  it('are counted in one sentence, of many some', () => {
    const many = Array.from({ length: 12 }, (_, i) => `${i}.gpr`);
    expect(unreadSentence([])).toBeUndefined();
    expect(unreadSentence(['a.gpr'])).toBe(
      '1 file is of a kind that cannot be read and was left out: a.gpr.',
    );
    expect(unreadSentence(many)).toBe(
      '12 files are of kinds that cannot be read and were left out: 0.gpr, 1.gpr, 2.gpr, 3.gpr, 4.gpr, 5.gpr, 6.gpr, 7.gpr, 8.gpr, 9.gpr and 2 more.',
    );
  });
});

describe('the photos that an input means', () => {
  it('are all pictures of a folder and below it, in natural order, with their place in the tree', async () => {
    expect((await gather('photos')).shown).toEqual([
      'photos/img2.JPG -> ',
      'photos/img10.jpg -> ',
      'photos/2019/sea [1].png -> 2019',
      `photos/2019/summer/b.tif -> ${join('2019', 'summer')}`,
    ]);
  });

  it('are under the name of their folder, where there are several', async () => {
    const { shown } = await gather('photos', 'more');
    expect(shown).toContain('photos/img2.JPG -> photos');
    expect(shown).toContain('more/c.webp -> more');
  });

  it('are what a pattern matches, with the tree below its fixed part', async () => {
    expect((await gather('photos/**/*.{jpg,JPG,png}')).shown).toEqual([
      'photos/2019/sea [1].png -> 2019',
      'photos/img2.JPG -> ',
      'photos/img10.jpg -> ',
    ]);
    expect((await gather('photos/img?.*')).shown).toEqual(['photos/img2.JPG -> ']);
  });

  it('is a file that exists, whatever letters its name has', async () => {
    expect(await kindOfInput(join(root, 'photos/2019/sea [1].png'))).toBe('photo');
    expect((await gather('photos/2019/sea [1].png')).shown).toEqual(['photos/2019/sea [1].png -> ']);
  });

  it('come once, however often they are named', async () => {
    expect((await gather('photos/img2.JPG', 'photos')).shown.filter((one) => one.includes('img2'))).toEqual([
      'photos/img2.JPG -> ',
    ]);
  });

  it('are missing where there are none, which is said of the input', async () => {
    const { shown, faults } = await gather('empty', 'photos/*.gif', 'more');
    expect(shown).toHaveLength(1);
    expect(faults).toEqual([
      expect.stringMatching(/in the folder \/empty, found none/),
      expect.stringMatching(/that match \/photos\/\*\.gif, found none/),
    ]);
  });
});
