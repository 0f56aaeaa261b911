import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withReader } from '../../src/engine/codec/containers/byteSource';
import { readTiffDirectory } from '../../src/engine/codec/containers/tiffFields';
import { openPhoto, type FilePhoto } from '../../src/engine/codec/read/open';
import { isSameOrder, type StoredOrder } from '../../src/engine/jobs/upscale/order';
import { toBytes } from '../../src/engine/kernels/color/quantise';
import { wholeOf } from '../../src/shared/geometry';
import { noise, pipelineOf } from '../fixtures/pictures';
import { pictureFields, tiffOf, type Field } from '../fixtures/tiffs';

/** A page of a TIFF, or a frame of an animation, as a photo. */
let folder: string;
const at = (name: string): string => join(folder, name);

/** Samples of every page: each has as many of the first as it needs. */
const samples = Buffer.from(Uint8Array.from({ length: 60 }, (_, i) => (i * 37) & 255));
const density = (perInch: number): Field[] => [
  { tag: 282, type: 'rational', value: [perInch, 1] },
  { tag: 283, type: 'rational', value: [perInch, 1] },
  { tag: 296, type: 'short', value: [2] },
];
const pages: readonly (readonly Field[])[] = [
  [...pictureFields(6, 4, 1), ...density(72), { tag: 270, type: 'ascii', value: 'The first' }],
  [...pictureFields(5, 4, 3), ...density(300), { tag: 270, type: 'ascii', value: 'The second' }],
];
const zstandard = pages[1]!.map((field) => (field.tag === 259 ? { ...field, value: [50000] } : field));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codec-pages-'));
  await mkdir(at('scratch'));
  await writeFile(at('scan.tif'), tiffOf(pages, { pixels: samples }));
  await writeFile(at('unread.tif'), tiffOf([pages[0]!, zstandard], { pixels: samples }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withPage<T>(
  path: string,
  page: number,
  use: (photo: FilePhoto) => T | Promise<T>,
): Promise<T> {
  const photo = await openPhoto(path, { name: 'scan.tif', scratchFolder: at('scratch'), page });
  try {
    return await use(photo);
  } finally {
    await photo.close();
  }
}

describe('a page', () => {
  it('has its own size, pixels, density and description', async () => {
    await withPage(at('scan.tif'), 2, async (photo) => {
      expect(photo.info).toMatchObject({ width: 5, height: 4, grey: false, density: 300, page: 2, pages: 2 });
      expect(photo.info.notes).toEqual(['The file holds 2 pages; this is page 2.']);
      expect(photo.metadata.exif!.includes(Buffer.from('The second'))).toBe(true);
      expect([...toBytes(await photo.read(wholeOf(photo.info)))]).toEqual([...samples]);
      expect(photo.page).toBe(2);
    });
    await withPage(at('scan.tif'), 1, async (photo) => {
      expect(photo.info).toMatchObject({ width: 6, height: 4, grey: true, density: 72 });
      expect(photo.info.notes).toEqual(['The file holds 2 pages; only the first is opened.']);
      expect([...toBytes(await photo.read(wholeOf(photo.info)))]).toEqual([...samples.subarray(0, 24)]);
    });
  });

  it('of a kind that is not read is refused by its name', async () => {
    await expect(withPage(at('unread.tif'), 2, () => undefined)).rejects.toMatchObject({
      fault: { code: 'unsupported-format', message: expect.stringContaining('Zstandard') as string },
    });
  });

  it('that is not there is refused in a sentence', async () => {
    await pipelineOf(noise({ width: 8, height: 8, channels: 3, depth: 8 }))
      .png()
      .toFile(at('one.png'));
    await pipelineOf(noise({ width: 8, height: 8, channels: 3, depth: 8 }))
      .tiff()
      .toFile(at('one.tif'));
    for (const [name, page, says] of [
      ['scan.tif', 4, /Expected a page 4 of scan\.tif, but it has 2;/],
      ['one.tif', 2, /but it has only one;/],
      ['one.png', 2, /\(PNG\), only those of TIFF, GIF and WebP;/],
    ] as const) {
      await expect(withPage(at(name), page, () => undefined)).rejects.toMatchObject({
        fault: { code: 'bad-option', message: expect.stringMatching(says) as string },
      });
    }
  });

  it.each(['gif', 'webp'] as const)('of an animated %s is a frame', async (format) => {
    const [red, blue] = [
      [255, 0, 0],
      [0, 0, 255],
    ] as const;
    const both = Buffer.from(
      [red, blue].flatMap((colour) => Array.from({ length: 64 }, () => colour).flat()),
    );
    const animated = sharp(both, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } });
    await (format === 'gif' ? animated.gif() : animated.webp({ lossless: true })).toFile(at('two'));
    for (const [page, colour] of [
      [1, red],
      [2, blue],
    ] as const) {
      await withPage(at('two'), page, async (photo) => {
        expect(photo.info).toMatchObject({ width: 8, height: 8 });
        const read = await photo.read(wholeOf(photo.info));
        expect([...toBytes(read).subarray(0, 3)]).toEqual(colour);
      });
    }
  });
});

describe('a chain of directories', () => {
  it('that leads in a circle or out of the file ends', async () => {
    const file = tiffOf(pages, { pixels: samples });
    const directory = file.readUInt32LE(4);
    const next = directory + 2 + 12 * file.readUInt16LE(directory);
    for (const [name, to] of [
      ['circle.tif', directory],
      ['outside.tif', 1e9],
    ] as const) {
      file.writeUInt32LE(to, next);
      await writeFile(at(name), file);
      expect(await withReader(at(name), (read) => readTiffDirectory(read, 0))).toBeDefined();
      expect(await withReader(at(name), (read) => readTiffDirectory(read, 99_999))).toBeUndefined();
    }
  });
});

it('orders for two pages of one file are not the same', () => {
  const order = {
    enlargement: { photo: 'p', method: { id: 'bicubic' }, scale: 2, options: {} },
    encoding: { format: 'png' },
    output: { path: 'a.png', overwrite: false },
  } as unknown as StoredOrder['order'];
  const of = (page?: number): StoredOrder => ({
    order,
    source: { path: 'scan.tif', name: 'scan.tif', kept: false, ...(page === undefined ? {} : { page }) },
    from: '/',
  });
  expect(isSameOrder(of(), of(1))).toBe(true);
  expect(isSameOrder(of(1), of(2))).toBe(false);
});
