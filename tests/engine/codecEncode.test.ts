import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodePhoto, type Encoded, type EncodeOptions } from '../../src/engine/codec/write/encode';
import { expectWithinLimits, HELD_BYTES } from '../../src/engine/codec/write/limits';
import { FORMATS } from '../../src/shared/formats';
import type { PhotoMetadata } from '../../src/engine/codec/metadata/metadata';
import { openPhoto } from '../../src/engine/codec/read/open';
import { planEncoding } from '../../src/engine/codec/write/plan';
import { createScratch, Scratch } from '../../src/engine/codec/scratch/scratch';
import { ScratchParts } from '../../src/engine/codec/scratch/scratchParts';
import { describeTiff } from '../../src/engine/codec/metadata/tiffExif';
import { toBytes, toWords } from '../../src/engine/kernels/color/quantise';
import type { Raster } from '../../src/engine/kernels/raster';
import type { Encoding } from '../../src/shared/contract';
import { FaultError, type Fault } from '../../src/shared/faults';
import { rect, wholeOf } from '../../src/shared/geometry';
import { gradient, greyProfile, noise, pipelineOf, wideProfile, type Picture } from '../fixtures/pictures';

let folder: string;
let scratchFolder: string;
let out: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codec-encode-'));
  scratchFolder = join(folder, 'scratch');
  out = join(folder, 'out');
  await mkdir(scratchFolder);
});
beforeEach(async () => {
  await rm(out, { recursive: true, force: true });
  await mkdir(out);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const plain: PhotoMetadata = { density: null };

async function scratchOf(picture: Picture): Promise<Scratch> {
  const scratch = await createScratch(picture, picture.channels, picture.depth, scratchFolder);
  await scratch.write(wholeOf(picture), picture.samples);
  return scratch;
}

async function encode(
  picture: Picture,
  encoding: Encoding,
  {
    metadata = plain,
    name = 'result',
    ...options
  }: Partial<EncodeOptions> & { metadata?: PhotoMetadata; name?: string } = {},
): Promise<Encoded & { path: string }> {
  const scratch = await scratchOf(picture);
  const path = join(out, name);
  try {
    return {
      ...(await encodePhoto(scratch, metadata, encoding, path, { overwrite: false, ...options })),
      path,
    };
  } finally {
    await scratch.close();
  }
}

async function decode(path: string): Promise<Raster> {
  const photo = await openPhoto(path, { scratchFolder });
  try {
    return await photo.read(wholeOf(photo.info));
  } finally {
    await photo.close();
  }
}

const header = (path: string): Promise<Metadata> => sharp(path).metadata();

async function faultFrom(work: () => Promise<unknown>): Promise<Fault> {
  try {
    await work();
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  throw new Error('expected a fault, received none');
}

/** DateTimeOriginal of a little-endian TIFF or BigTIFF: from its first directory to EXIF's. */
function tiffDate(file: Buffer): string | undefined {
  const big = file.readUInt16LE(2) === 43;
  const offset = (at: number): number => (big ? Number(file.readBigUInt64LE(at)) : file.readUInt32LE(at));
  const find = (directory: number, tag: number): number | undefined => {
    const count = big ? Number(file.readBigUInt64LE(directory)) : file.readUInt16LE(directory);
    for (let i = 0; i < count; i++) {
      const entry = directory + (big ? 8 + 20 * i : 2 + 12 * i);
      if (file.readUInt16LE(entry) === tag) return offset(entry + (big ? 12 : 8));
    }
    return undefined;
  };
  const exif = find(offset(big ? 8 : 4), 34665);
  const date = exif === undefined ? undefined : find(exif, 36867);
  return date === undefined ? undefined : file.toString('latin1', date, date + 19);
}

/** The smallest big-endian EXIF block that holds a date. */
function bigEndianExif(date: string): Buffer {
  const block = Buffer.alloc(44 + 20);
  block.write('MM\0*', 0, 'latin1');
  block.writeUInt32BE(8, 4);
  const directory = (at: number, tag: number, type: number, count: number, value: number): void => {
    block.writeUInt16BE(1, at);
    block.writeUInt16BE(tag, at + 2);
    block.writeUInt16BE(type, at + 4);
    block.writeUInt32BE(count, at + 6);
    block.writeUInt32BE(value, at + 10);
  };
  directory(8, 34665, 4, 1, 26);
  directory(26, 36867, 2, 20, 44);
  block.write(`${date}\0`, 44, 'latin1');
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]);
}

describe('a scratch file', () => {
  it('holds tiles in any order, overlapping rows or not', async () => {
    const picture = noise({ width: 103, height: 77, channels: 3, depth: 16 });
    const scratch = await createScratch(picture, 3, 16, scratchFolder);
    const tiles = [0, 40, 80].flatMap((x) =>
      [0, 30, 60].map((y) => rect(x, y, Math.min(40, 103 - x), Math.min(30, 77 - y))),
    );
    tiles.sort((a, b) => ((a.x * 7 + a.y * 13) % 11) - ((b.x * 7 + b.y * 13) % 11));
    const cut = (at: (typeof tiles)[number]): Uint16Array<ArrayBuffer> => {
      const tile = new Uint16Array(at.width * at.height * 3);
      for (let y = 0; y < at.height; y++) {
        const from = ((at.y + y) * 103 + at.x) * 3;
        tile.set(picture.samples.subarray(from, from + at.width * 3), y * at.width * 3);
      }
      return tile;
    };
    await Promise.all(tiles.map((at) => scratch.write(at, cut(at))));
    expect(await scratch.read(wholeOf(picture))).toEqual(picture.samples);
    // A tile written again replaces what was there.
    const again = rect(40, 30, 40, 30);
    await scratch.write(again, cut(again).fill(7));
    expect((await scratch.read(again)).every((value) => value === 7)).toBe(true);
    await scratch.close();
    expect(await readdir(scratchFolder)).toEqual([]);
  });

  it('holds rows of tiles of uneven height, each collected in the memory of the one before', async () => {
    const picture = noise({ width: 40, height: 46, channels: 3, depth: 8 });
    const scratch = await createScratch(picture, 3, 8, scratchFolder);
    for (const [y, height] of [
      [0, 15],
      [15, 16],
      [31, 15],
    ] as const) {
      for (const x of [20, 0]) {
        const at = rect(x, y, 20, height);
        const rows = Array.from({ length: height }, (_, row) => {
          const from = ((y + row) * 40 + x) * 3;
          return [...picture.samples.subarray(from, from + 60)];
        });
        await scratch.write(at, Uint8Array.from(rows.flat()));
      }
    }
    expect(await scratch.read(wholeOf(picture))).toEqual(picture.samples);
    await scratch.close();
  });

  it('of more pixels than one file holds lies in several, and is read and encoded as one', async () => {
    for (const depth of [8, 16] as const) {
      const picture = noise({ width: 60, height: 47, channels: 4, depth });
      const scratch = new Scratch(await ScratchParts.create({ ...picture }, scratchFolder, 60 * 10));
      expect(scratch.paths).toHaveLength(5);
      await scratch.write(rect(0, 0, 60, 25), picture.samples.slice(0, 60 * 25 * 4));
      const rest = picture.samples.slice(60 * 25 * 4);
      for (const x of [0, 20, 40]) {
        const tile = rest.filter((_, i) => Math.floor((i % 240) / 80) === x / 20);
        await scratch.write(rect(x, 25, 20, 22), tile);
      }
      expect(await scratch.read(wholeOf(picture))).toEqual(picture.samples);
      const path = join(out, `parts-${depth}.png`);
      await encodePhoto(scratch, plain, { format: 'png' }, path, { overwrite: false });
      await scratch.close();
      const read = await decode(path);
      expect(depth === 16 ? toWords(read) : toBytes(read)).toEqual(picture.samples);
      expect(await readdir(scratchFolder)).toEqual([]);
    }
  });

  it('refuses tiles outside, of another length or another depth', async () => {
    const scratch = await createScratch({ width: 10, height: 10 }, 3, 8, scratchFolder);
    await expect(scratch.write(rect(5, 5, 6, 1), new Uint8Array(18))).rejects.toThrow('inside 10 x 10');
    await expect(scratch.write(rect(0, 0, 2, 1), new Uint8Array(5))).rejects.toThrow('6 samples of 8 bit');
    await expect(scratch.write(rect(0, 0, 2, 1), new Uint16Array(6))).rejects.toThrow('received 6 of 16');
    await scratch.close();
  });

  it('says before starting that the disk has not enough room', async () => {
    const fault = await faultFrom(() =>
      createScratch({ width: 10_000_000, height: 10_000_000 }, 4, 16, scratchFolder),
    );
    expect(fault).toMatchObject({ code: 'disk-full', file: scratchFolder });
    expect(fault.message).toMatch(/Expected 800000\.0 GB .* found [\d.]+ [GM]B free/);
    expect(await readdir(scratchFolder)).toEqual([]);
  });
});

describe('pixels', () => {
  const kinds = ([1, 2, 3, 4] as const).flatMap((channels) =>
    ([8, 16] as const).flatMap((depth) =>
      (['png', 'tiff'] as const).map((format) => ({ channels, depth, format })),
    ),
  );
  it.each(kinds)(
    '$format keeps $channels channels of $depth bit exactly',
    async ({ channels, depth, format }) => {
      const picture = noise({ width: 53, height: 31, channels, depth });
      const { path, notes } = await encode(picture, { format });
      const read = await decode(path);
      expect(notes).toEqual([]);
      expect(read.channels).toBe(channels);
      expect(depth === 16 ? toWords(read) : toBytes(read)).toEqual(picture.samples);
    },
  );

  it.each([
    ['jpeg', 3, 3],
    ['jpeg', 1, 1],
    ['webp', 3, 3],
    ['webp', 4, 4],
    ['webp', 1, 3],
    ['avif', 3, 3],
    ['avif', 4, 4],
    ['avif', 2, 4],
  ] as const)('%s of %d channels comes back close, with %d', async (format, channels, expected) => {
    const picture = gradient({ width: 64, height: 40, channels, depth: 8 });
    const read = await decode((await encode(picture, { format, quality: 95 })).path);
    expect(read.channels).toBe(expected);
    const bytes = toBytes(read);
    const colours = channels < 3 ? 1 : 3;
    let worst = 0;
    for (let i = 0; i < 64 * 40; i++) {
      for (let c = 0; c < expected; c++) {
        const from = expected % 2 === 0 && c === expected - 1 ? channels - 1 : Math.min(c, colours - 1);
        worst = Math.max(worst, Math.abs(bytes[i * expected + c]! - picture.samples[i * channels + from]!));
      }
    }
    expect(worst).toBeLessThanOrEqual(8);
  });

  it('depth is converted by rounding: 16 to 8 and 8 to 16', async () => {
    const deep = noise({ width: 40, height: 20, channels: 3, depth: 16 });
    const down = toBytes(
      await decode((await encode(deep, { format: 'png', depth: 8 }, { name: 'down' })).path),
    );
    expect(down).toEqual(Uint8Array.from(deep.samples, (value) => Math.round(value / 257)));
    const shallow = noise({ width: 40, height: 20, channels: 4, depth: 8 });
    const up = toWords(
      await decode((await encode(shallow, { format: 'tiff', depth: 16 }, { name: 'up' })).path),
    );
    expect(up).toEqual(Uint16Array.from(shallow.samples, (value) => value * 257));
    expect(await readdir(scratchFolder)).toEqual([]);
  });

  it('16 bit to JPEG becomes 8 bit with a word, to AVIF 12 bit', async () => {
    const picture = gradient({ width: 64, height: 40, channels: 3, depth: 16 });
    const jpeg = await encode(picture, { format: 'jpeg' }, { name: 'a.jpg' });
    expect(jpeg.notes).toEqual(['JPEG holds 8 bits a channel, not 16.']);
    expect((await header(jpeg.path)).chromaSubsampling).toBe('4:4:4');
    const avif = await encode(picture, { format: 'avif', quality: 98 }, { name: 'a.avif' });
    expect(avif.notes.join()).toContain('12 bits');
    const words = toWords(await decode(avif.path));
    expect(
      words.reduce((most, value, i) => Math.max(most, Math.abs(value - picture.samples[i]!)), 0),
    ).toBeLessThan(700);
  });

  it('alpha is laid onto white in a JPEG, with a word', async () => {
    const picture: Picture = {
      width: 32,
      height: 32,
      channels: 4,
      depth: 8,
      samples: Uint8Array.from({ length: 32 * 32 * 4 }, (_, i) => (i % 4 === 3 ? 64 : 0)),
    };
    const { path, notes } = await encode(picture, { format: 'jpeg', quality: 95 });
    expect(notes.join()).toContain('white');
    expect(toBytes(await decode(path)).every((value) => Math.abs(value - 191) <= 2)).toBe(true);
    const grey = gradient({ width: 32, height: 32, channels: 2, depth: 16 });
    expect((await header((await encode(grey, { format: 'jpeg' }, { name: 'grey' })).path)).channels).toBe(1);
  });
});

describe('what a photo carries', () => {
  async function rich(): Promise<PhotoMetadata> {
    const path = join(folder, 'rich.jpg');
    await pipelineOf(gradient({ width: 24, height: 16, channels: 3, depth: 8 }))
      .withExif({
        IFD0: { Copyright: 'A. Photographer' },
        IFD2: { DateTimeOriginal: '2020:01:02 03:04:05' },
        IFD3: { GPSLatitudeRef: 'N' },
      })
      .withMetadata({ orientation: 6, density: 240 })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><r tiff:Orientation="6" kept="yes"/></x:xmpmeta>')
      .jpeg()
      .toFile(path);
    const photo = await openPhoto(path, { scratchFolder });
    await photo.close();
    expect(photo.info).toMatchObject({ width: 16, height: 24, density: 240 });
    return { ...photo.metadata, icc: wideProfile() };
  }

  it.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)(
    '%s keeps profile, EXIF, XMP; upright',
    async (format) => {
      const picture = gradient({ width: 48, height: 72, channels: 3, depth: 8 });
      const { path, notes } = await encode(picture, { format }, { metadata: await rich() });
      const found = await header(path);
      expect(found.icc?.equals(wideProfile())).toBe(true);
      expect(found.xmpAsString).toContain('kept="yes"');
      expect(found.xmpAsString).toContain('tiff:Orientation="1"');
      expect(found.orientation ?? 1).toBe(1);
      expect([found.width, found.height]).toEqual([48, 72]);
      expect(notes).toEqual([]);
      if (format === 'tiff') {
        expect(tiffDate(await readFile(path))).toBe('2020:01:02 03:04:05');
        const again = await openPhoto(path, { scratchFolder });
        await again.close();
        expect(again.metadata.exif?.includes('A. Photographer')).toBe(true);
        expect(again.metadata.exif?.includes('2020:01:02 03:04:05')).toBe(true);
      } else {
        for (const text of ['A. Photographer', '2020:01:02 03:04:05']) {
          expect(found.exif?.includes(text)).toBe(true);
        }
      }
      if (format !== 'webp' && format !== 'avif') expect(found.density).toBe(240);
    },
  );

  it.each([3, 4, 1] as const)(
    'AVIF of %d channels has EXIF and XMP byte for byte, the code points, and the same pixels',
    async (channels) => {
      const picture = gradient({ width: 48, height: 40, channels, depth: 16 });
      const bare = await encode(picture, { format: 'avif' }, { metadata: plain, name: 'bare.avif' });
      const { exif, xmp } = await rich();
      const codes = { primaries: 9, transfer: 16, matrix: 9, fullRange: true };
      const metadata = {
        ...plain,
        exif: exif!,
        xmp: xmp!,
        ...(channels > 1 && { icc: wideProfile(), codes }),
      };
      const { path } = await encode(picture, { format: 'avif' }, { metadata, name: 'rich.avif' });
      const file = await readFile(path);
      for (const block of [exif!, xmp!]) expect(file.includes(block)).toBe(true);
      const again = await openPhoto(path, { scratchFolder });
      await again.close();
      expect(again.metadata.exif!.includes('A. Photographer')).toBe(true);
      expect(again.metadata.xmp!.equals(xmp!)).toBe(true);
      expect(again.info.density).toBe(240);
      expect(toWords(await decode(path))).toEqual(toWords(await decode(bare.path)));
      if (channels === 1) return;
      expect(again.metadata.codes).toMatchObject({ primaries: 9, transfer: 16, fullRange: true });
      expect((await header(path)).icc!.equals(wideProfile())).toBe(true);
    },
  );

  it('AVIF of a photo without EXIF gets none invented', async () => {
    const picture = gradient({ width: 32, height: 24, channels: 3, depth: 8 });
    const { path } = await encode(picture, { format: 'avif' }, { metadata: plain, name: 'none.avif' });
    expect((await header(path)).exif).toBeUndefined();
  });

  it('EXIF goes into a BigTIFF, too, and from big-endian blocks', async () => {
    const picture = noise({ width: 20, height: 10, channels: 3, depth: 16 });
    const { exif } = await rich();
    for (const [name, block] of [
      ['little', exif!],
      ['big', bigEndianExif('2021:05:06 07:08:09')],
    ] as const) {
      for (const bigtiff of [false, true]) {
        const path = join(out, `${name}-${bigtiff}.tif`);
        await pipelineOf(picture).tiff({ compression: 'deflate', bigtiff }).toFile(path);
        await describeTiff(path, { ...plain, exif: block });
        expect(tiffDate(await readFile(path))).toBe(
          name === 'little' ? '2020:01:02 03:04:05' : '2021:05:06 07:08:09',
        );
        expect(toWords(await decode(path))).toEqual(picture.samples);
      }
    }
  });

  it('a profile never changes the numbers', async () => {
    const metadata = { ...plain, icc: wideProfile() };
    for (const depth of [8, 16] as const) {
      for (const format of ['png', 'tiff'] as const) {
        const picture = noise({ width: 30, height: 20, channels: 3, depth });
        const { path } = await encode(picture, { format }, { metadata, name: `${format}${depth}` });
        const read = await decode(path);
        expect(depth === 16 ? toWords(read) : toBytes(read)).toEqual(picture.samples);
      }
    }
  });

  it('a grey profile is kept where there is grey, and converted with a word where not', async () => {
    const metadata = { ...plain, icc: greyProfile() };
    const picture = gradient({ width: 40, height: 30, channels: 1, depth: 8 });
    const png = await encode(picture, { format: 'png' }, { metadata, name: 'grey.png' });
    expect((await header(png.path)).icc?.equals(greyProfile())).toBe(true);
    expect(toBytes(await decode(png.path))).toEqual(picture.samples);
    const webp = await encode(picture, { format: 'webp', quality: 100 }, { metadata, name: 'grey.webp' });
    expect(webp.notes.join()).toContain('grey profile was converted');
    // A grey of gamma 1.4 is lighter than the same number in sRGB: x^1.4, encoded again.
    const middle = 15 * 40 + 20;
    const linear = (picture.samples[middle]! / 255) ** 1.4;
    const expected = 255 * (1.055 * linear ** (1 / 2.4) - 0.055);
    const bytes = toBytes(await decode(webp.path));
    expect(Math.abs(bytes[middle * 3]! - expected)).toBeLessThan(4);
  });

  it('the density that was asked for is written', async () => {
    const picture = gradient({ width: 20, height: 20, channels: 3, depth: 8 });
    for (const format of ['png', 'jpeg', 'tiff'] as const) {
      const { path } = await encode(
        picture,
        { format, density: 300 },
        { metadata: { density: 96 }, name: format },
      );
      expect((await header(path)).density).toBe(300);
    }
  });
});

/** Colours that no encoder makes smaller, soon made: the same rows of noise again and again. */
function tiled({ width, height }: { width: number; height: number }): Picture {
  const rows = noise({ width, height: 50, channels: 3, depth: 8 });
  const samples = new Uint8Array(width * height * 3);
  for (let at = 0; at < samples.length; at += rows.samples.length) {
    samples.set(rows.samples.subarray(0, samples.length - at), at);
  }
  return { width, height, channels: 3, depth: 8, samples };
}

describe('a target appears whole or not at all', () => {
  const picture = gradient({ width: 50, height: 50, channels: 3, depth: 8 });

  it('is never an existing file, unless asked', async () => {
    await writeFile(join(out, 'there.png'), 'precious');
    const fault = await faultFrom(() => encode(picture, { format: 'png' }, { name: 'there.png' }));
    expect(fault).toMatchObject({ code: 'output-exists', file: join(out, 'there.png') });
    expect(await readFile(join(out, 'there.png'), 'utf8')).toBe('precious');
    await encode(picture, { format: 'png' }, { name: 'there.png', overwrite: true });
    expect((await header(join(out, 'there.png'))).width).toBe(50);
    expect(await readdir(out)).toEqual(['there.png']);
  });

  it('a file that appears meanwhile is not replaced', async () => {
    const target = join(out, 'race.png');
    const scratch = await scratchOf(picture);
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        encodePhoto(scratch, plain, { format: 'png' }, target, { overwrite: false }),
      ),
    );
    await scratch.close();
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect((result.reason as FaultError).fault.code).toBe('output-exists');
    }
    expect(await readdir(out)).toEqual(['race.png']);
  });

  it('a folder of that name, and a folder that is missing, are told', async () => {
    await mkdir(join(out, 'folder.png'));
    const overwrite = true;
    expect(
      (await faultFrom(() => encode(picture, { format: 'png' }, { name: 'folder.png', overwrite }))).message,
    ).toContain('a folder of that name');
    const missing = await faultFrom(() => encode(picture, { format: 'png' }, { name: 'no/where.png' }));
    expect(missing).toMatchObject({ code: 'output-unwritable' });
    expect(missing.message).toContain('no such folder');
    expect(await readdir(out)).toEqual(['folder.png']);
  });

  it('aborting leaves nothing', async () => {
    const large = tiled({ width: 1500, height: 1000 });
    /** Aborted once the encoder has begun its file; false: on a busy machine it was whole before that was seen. */
    const abortedInTheMiddle = async (format: Encoding['format']): Promise<boolean> => {
      const abort = new AbortController();
      let staging = ''; // the last one told: before it there is one to try the place
      const onStaging = (folder: string): Promise<void> => Promise.resolve(void (staging = folder));
      const hasBegun = (): boolean => {
        try {
          return readdirSync(staging).length > 0;
        } catch {
          return false; // not there yet, or no more: a folder that was asked for may be gone a moment later
        }
      };
      const looking = setInterval(() => hasBegun() && abort.abort(), 1);
      try {
        await rm((await encode(large, { format }, { signal: abort.signal, onStaging })).path);
        return false;
      } catch (error) {
        expect(error).toMatchObject({ name: 'AbortError' });
        return true;
      } finally {
        clearInterval(looking);
      }
    };
    for (const format of ['png', 'jpeg', 'tiff', 'webp'] as const) {
      let aborted = false;
      for (let time = 0; time < 20 && !aborted; time++) aborted = await abortedInTheMiddle(format);
      expect(aborted).toBe(true);
      expect(await readdir(out)).toEqual([]);
      expect(await readdir(scratchFolder)).toEqual([]);
    }
  });

  it('a failing encoder leaves nothing', async () => {
    const scratch = await scratchOf(picture);
    // The file loses its pixels behind the encoder's back.
    const failing = encodePhoto(scratch, plain, { format: 'png' }, join(out, 'x.png'), { overwrite: false });
    await rm(scratch.paths[0]!);
    const fault = await faultFrom(() => failing);
    expect(fault).toMatchObject({ code: 'output-unwritable', file: join(out, 'x.png') });
    expect(fault.detail).toBeTruthy();
    await scratch.close();
    expect(await readdir(out)).toEqual([]);
  });

  it('tells its progress, growing to 1', async () => {
    const large = tiled({ width: 4000, height: 2100 });
    const seen: number[] = [];
    const { path, bytes } = await encode(
      large,
      { format: 'png' },
      { onProgress: (fraction) => seen.push(fraction) },
    );
    expect(seen.at(-1)).toBe(1);
    expect(seen.length).toBeGreaterThan(2);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect((await stat(path)).size).toBe(bytes);
  });
});

describe('limits are known beforehand', () => {
  const photo = { channels: 3, depth: 8 } as const;

  it.each(['webp', 'avif', 'jpeg'] as const)('%s: one pixel more than its longest side', (format) => {
    const side = FORMATS[format].written.longestSide;
    expect(() => planEncoding({ format }, photo, { width: side, height: 1 })).not.toThrow();
    expect(() => planEncoding({ format }, photo, { width: 1, height: side + 1 })).toThrow(
      `at most ${side} pixels`,
    );
  });

  it('the limits are the encoders own', async () => {
    for (const format of ['webp', 'avif', 'jpeg'] as const) {
      const width = FORMATS[format].written.longestSide;
      const strip = gradient({ width, height: 8, channels: 3, depth: 8 });
      expect((await header((await encode(strip, { format }, { name: format })).path)).width).toBe(width);
    }
  });

  it('PNG and TIFF take what WebP does not', () => {
    for (const format of ['png', 'tiff'] as const) {
      expect(planEncoding({ format }, photo, { width: 40_000, height: 36_000 }).notes).toEqual([]);
    }
  });

  it('WebP and AVIF hold the picture: refused beyond the memory there is, noted beyond half of it', () => {
    const size = { width: 10_000, height: 10_000 };
    const needed = 1e8 * HELD_BYTES.webp!.plain;
    expect(expectWithinLimits('webp', size, photo, 3 * needed)).toEqual([]);
    expect(expectWithinLimits('webp', size, photo, 1.5 * needed).join()).toContain('about 1.0 GB of memory');
    expect(() => expectWithinLimits('webp', size, photo, 0.9 * needed)).toThrow('choose PNG, JPEG or TIFF');
    expect(expectWithinLimits('png', size, photo, 1)).toEqual([]);
  });
});
