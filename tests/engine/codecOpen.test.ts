import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPhoto, type FilePhoto } from '../../src/engine/codec/read/open';
import { orient, ORIENTATIONS } from '../../src/engine/kernels/orient';
import { fromBytes, toBytes, toWords } from '../../src/engine/kernels/color/quantise';
import { rect, wholeOf } from '../../src/shared/geometry';
import { FaultError, type Fault } from '../../src/shared/faults';
import {
  gradient,
  noise,
  pipelineOf,
  withProfile,
  wideProfile,
  writeBomb,
  writePng,
} from '../fixtures/pictures';

let folder: string;
let scratchFolder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codec-open-'));
  scratchFolder = at('scratch');
  await mkdir(scratchFolder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withPhoto<T>(path: string, use: (photo: FilePhoto) => Promise<T>): Promise<T> {
  const photo = await openPhoto(path, { scratchFolder });
  try {
    return await use(photo);
  } finally {
    await photo.close();
  }
}

const readAll = (path: string) => withPhoto(path, (photo) => photo.read(wholeOf(photo.info)));

async function faultFrom(work: () => Promise<unknown>): Promise<Fault> {
  try {
    await work();
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
  throw new Error('expected a fault, received none');
}

describe('pixels of every kind, exactly', () => {
  const kinds = ([1, 2, 3, 4] as const).flatMap((channels) =>
    ([8, 16] as const).map((depth) => ({ channels, depth })),
  );
  it.each(kinds)('PNG and TIFF with $channels channels of $depth bit', async ({ channels, depth }) => {
    const picture = noise({ width: 61, height: 37, channels, depth });
    await writePng(at('exact.png'), picture);
    await pipelineOf(picture).tiff({ compression: 'lzw' }).toFile(at('exact.tif'));
    for (const name of ['exact.png', 'exact.tif']) {
      const { read, info } = await withPhoto(at(name), async (photo) => ({
        read: await photo.read(wholeOf(photo.info)),
        info: photo.info,
      }));
      expect(info).toMatchObject({
        width: 61,
        height: 37,
        depth,
        grey: channels < 3,
        alpha: channels % 2 === 0,
      });
      expect(read.channels).toBe(channels);
      expect(depth === 16 ? toWords(read) : toBytes(read)).toEqual(picture.samples);
    }
  });

  it('the bytes of a rectangle are its pixels, where the file has 8 bits and lies upright', async () => {
    const picture = noise({ width: 61, height: 37, channels: 4, depth: 8 });
    await writePng(at('bytes.png'), picture);
    await withPhoto(at('bytes.png'), async (photo) => {
      const part = rect<'source'>(7, 5, 40, 21);
      const { bytes, ...size } = await photo.readBytes!(part);
      expect(size).toEqual({ width: 40, height: 21, channels: 4 });
      expect(bytes).toEqual(toBytes(await photo.read(part)));
    });
    await writePng(at('words.png'), noise({ width: 9, height: 7, channels: 3, depth: 16 }));
    await pipelineOf(picture).withMetadata({ orientation: 6 }).jpeg().toFile(at('turned.jpg'));
    for (const name of ['words.png', 'turned.jpg']) {
      const isGiven = await withPhoto(at(name), (photo) => Promise.resolve(!!photo.readBytes));
      expect(isGiven, name).toBe(false);
    }
  });

  it('a rectangle of a photo is that part of the whole', async () => {
    const picture = noise({ width: 300, height: 70, channels: 3, depth: 8 });
    await withPhoto(await writePng(at('part.png'), picture), async (photo) => {
      const part = await photo.read(rect(211, 13, 40, 51));
      const expected = fromBytes(picture.samples as Uint8Array, 300, 70, 3);
      for (let c = 0; c < 3; c++) {
        for (const [x, y] of [
          [0, 0],
          [39, 0],
          [17, 25],
          [39, 50],
        ] as const) {
          expect(part.data[(c * 51 + y) * 40 + x]).toBe(expected.data[(c * 70 + 13 + y) * 300 + 211 + x]);
        }
      }
    });
  });

  it('WebP, AVIF (8 and 12 bit) and JPEG: close', async () => {
    const picture = gradient({ width: 64, height: 48, channels: 3, depth: 8 });
    const deep = gradient({ width: 64, height: 48, channels: 3, depth: 16 });
    await pipelineOf(picture).webp({ lossless: true }).toFile(at('close.webp'));
    await pipelineOf(picture).avif({ quality: 95 }).toFile(at('close.avif'));
    await pipelineOf(deep).avif({ quality: 95, bitdepth: 12 }).toFile(at('deep.avif'));
    await pipelineOf(picture).jpeg({ quality: 95 }).toFile(at('close.jpg'));
    for (const [name, tolerance] of [
      ['close.webp', 0],
      ['close.avif', 4],
      ['deep.avif', 4],
      ['close.jpg', 6],
    ] as const) {
      const bytes = toBytes(await readAll(at(name)));
      const worst = bytes.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - picture.samples[i]!)),
        0,
      );
      expect(worst, name).toBeLessThanOrEqual(tolerance);
    }
  });

  it('white of a 12 bit AVIF is white', async () => {
    const white = { width: 16, height: 16, channels: 3, depth: 16 } as const;
    const samples = new Uint16Array(16 * 16 * 3).fill(65535);
    await pipelineOf({ ...white, samples })
      .avif({ lossless: true, bitdepth: 12 })
      .toFile(at('white.avif'));
    const read = await readAll(at('white.avif'));
    expect(Math.min(...read.data)).toBeCloseTo(1, 5);
  });

  it('palettes, 1 bit and the first frame of a GIF are expanded', async () => {
    const flag = { width: 12, height: 8, channels: 3, depth: 8 } as const;
    const samples = Uint8Array.from({ length: 12 * 8 * 3 }, (_, i) =>
      Math.floor(i / 18) % 2 === 0 ? 255 : 0,
    );
    await pipelineOf({ ...flag, samples })
      .png({ palette: true, colours: 2 })
      .toFile(at('palette.png'));
    await pipelineOf({ ...flag, samples })
      .gif()
      .toFile(at('flag.gif'));
    for (const name of ['palette.png', 'flag.gif']) {
      const read = await readAll(at(name));
      const colours = toBytes(read).filter((_, i) => read.channels === 3 || i % 4 !== 3);
      expect(colours, name).toEqual(samples);
    }
    const grey = Uint8Array.from({ length: 12 * 8 }, (_, i) => (i % 3 === 0 ? 255 : 0));
    await pipelineOf({ ...flag, channels: 1, samples: grey })
      .tiff({ bitdepth: 1, compression: 'deflate', predictor: 'none' })
      .toFile(at('bit.tif'));
    expect(toBytes(await readAll(at('bit.tif')))).toEqual(grey);
  });

  it('CMYK becomes sRGB with a word', async () => {
    const picture = gradient({ width: 32, height: 24, channels: 3, depth: 8 });
    await pipelineOf(picture).toColourspace('cmyk').jpeg({ quality: 95 }).toFile(at('cmyk.jpg'));
    await withPhoto(at('cmyk.jpg'), async (photo) => {
      expect(photo.info.notes.join()).toContain('CMYK');
      expect(photo.info.profile).toBeNull();
      expect(photo.metadata.icc).toBeUndefined();
      const bytes = toBytes(await photo.read(wholeOf(photo.info)));
      expect(bytes).toHaveLength(32 * 24 * 3);
      expect(Math.abs(bytes[0]! - picture.samples[0]!)).toBeLessThan(40);
    });
  });

  it('a wide profile is kept and named, its numbers untouched', async () => {
    for (const depth of [8, 16] as const) {
      const picture = noise({ width: 20, height: 10, channels: 3, depth });
      const png = await pipelineOf(picture).png().toBuffer();
      await writeFile(at('wide.png'), await withProfile(png, wideProfile()));
      await withPhoto(at('wide.png'), async (photo) => {
        expect(photo.info.profile).toBe('Wide test gamut');
        expect(photo.metadata.icc).toEqual(wideProfile());
        const read = await photo.read(wholeOf(photo.info));
        expect(depth === 16 ? toWords(read) : toBytes(read)).toEqual(picture.samples);
      });
    }
  });
});

describe('orientation', () => {
  it.each(ORIENTATIONS)('EXIF %d is applied, at every level and to rectangles', async (orientation) => {
    const picture = noise({ width: 300, height: 200, channels: 3, depth: 8 });
    const path = at(`turned-${orientation}.png`);
    await pipelineOf(picture).withMetadata({ orientation }).png().toFile(path);
    const upright = orient(fromBytes(picture.samples as Uint8Array, 300, 200, 3), orientation);
    await withPhoto(path, async (photo) => {
      expect(photo.info).toMatchObject({ width: upright.width, height: upright.height });
      const { data } = await photo.read(wholeOf(photo.info));
      expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(upright.data.buffer))).toBe(0);
      const part = await photo.read(rect(3, 5, 7, 11));
      expect(part.data[0]).toBe(upright.data[5 * upright.width + 3]);
      expect(part.data[10 * 7 + 6]).toBe(upright.data[15 * upright.width + 9]);
      expect(photo.levels).toBe(1);
      const half = await photo.read(rect(0, 0, upright.width / 2, upright.height / 2), { level: 1 });
      expect([half.width, half.height]).toEqual([upright.width / 2, upright.height / 2]);
      expect(photo.metadata.exif?.includes(Buffer.from('Exif'))).toBe(true);
    });
  });
});

describe('levels', () => {
  it('halve the photo until 256 pixels, by averages', async () => {
    const picture = gradient({ width: 1030, height: 515, channels: 3, depth: 16 });
    await withPhoto(await writePng(at('levels.png'), picture), async (photo) => {
      expect(photo.levels).toBe(3);
      const whole = await photo.read(wholeOf(photo.info));
      const eighth = await photo.read(rect(0, 0, 129, 65), { level: 3 });
      const mean = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
      expect(mean(eighth.data)).toBeCloseTo(mean(whole.data), 2);
      expect(eighth.data[0]).toBeLessThan(eighth.data[128]!);
      await expect(photo.read(rect(0, 0, 130, 65), { level: 3 })).rejects.toThrow(RangeError);
      await expect(photo.read(rect(0, 0, 1, 1), { level: 4 })).rejects.toThrow(RangeError);
    });
  });

  it('of a JPEG come before the photo is decoded', async () => {
    const picture = gradient({ width: 4000, height: 3000, channels: 3, depth: 8 });
    await pipelineOf(picture).jpeg().toFile(at('quick.jpg'));
    await withPhoto(at('quick.jpg'), async (photo) => {
      const small = await photo.read(rect(0, 0, 500, 375), { level: 3 });
      expect(small.data[0]).toBeCloseTo(0.1, 1);
      expect(small.data[499]).toBeCloseTo(0.9, 1);
    });
  });
});

describe('odd shapes', () => {
  it.each([
    [1, 1],
    [1, 20_000],
    [20_000, 1],
  ])('%d x %d', async (width, height) => {
    const picture = noise({ width, height, channels: 3, depth: 8 });
    await withPhoto(await writePng(at('odd.png'), picture), async (photo) => {
      expect(toBytes(await photo.read(wholeOf(photo.info)))).toEqual(picture.samples);
      const level = photo.levels;
      const coarse = await photo.read(
        rect(0, 0, Math.ceil(width / 2 ** level), Math.ceil(height / 2 ** level)),
        { level },
      );
      expect(Math.max(coarse.width, coarse.height)).toBeLessThanOrEqual(256);
    });
  });
});

describe('reading while decoding', () => {
  it('gives the first rows of a large JPEG before all is decoded', async () => {
    const picture = noise({ width: 1000, height: 6000, channels: 3, depth: 8 });
    await pipelineOf(picture).jpeg({ quality: 90 }).toFile(at('large.jpg'));
    // libvips goes on beside this thread, which on a busy machine may see nothing but the end of it: then once more.
    let seen = 1;
    for (let time = 0; time < 20 && seen > 0.9; time++) {
      await withPhoto(at('large.jpg'), async (photo) => {
        await photo.read(rect(0, 0, 256, 256));
        seen = photo.decoded();
        await photo.read(rect(900, 5900, 100, 100));
        expect(photo.decoded()).toBeGreaterThan(0.99);
      });
    }
    expect(seen).toBeLessThan(0.9);
  });

  it('a read is left when its signal is aborted', async () => {
    await withPhoto(at('large.jpg'), async (photo) => {
      const abort = new AbortController();
      const read = photo.read(rect(0, 5999, 1, 1), { signal: abort.signal });
      abort.abort();
      await expect(read).rejects.toMatchObject({ name: 'AbortError' });
    });
  });

  it('closing rejects waiting and later reads, and leaves no file', async () => {
    const photo = await openPhoto(at('large.jpg'), { scratchFolder });
    const waiting = faultFrom(() => photo.read(rect(0, 5999, 1, 1)));
    await photo.close();
    expect((await waiting).code).toBe('unknown-photo');
    expect((await faultFrom(() => photo.read(rect(0, 0, 1, 1)))).code).toBe('unknown-photo');
    expect(await readdir(scratchFolder)).toEqual([]);
  });
});

describe('bad input is told in one sentence that names the file', () => {
  const opened = (path: string, name?: string) =>
    faultFrom(() => openPhoto(path, { scratchFolder, ...(name !== undefined && { name }) }));

  it.each([
    ['missing.jpg', undefined, 'not-found', 'no file of that name'],
    ['empty.jpg', '', 'empty-file', '0 bytes'],
    ['notes.jpg', 'Dear diary, this is no picture.\n', 'unreadable-image', 'text'],
    ['zeros.png', Buffer.alloc(500), 'unreadable-image', 'no picture'],
    [
      'phone.cr3',
      Buffer.from('\0\0\0\x18ftypcrx \0\0\0\0crx isom', 'latin1'),
      'unsupported-format',
      'camera raw',
    ],
    ['layers.psd', Buffer.from('8BPS\0\x01', 'latin1'), 'unsupported-format', 'Photoshop'],
    ['camera.nef', Buffer.from('II*\0\x08\0\0\0', 'latin1'), 'unsupported-format', 'camera raw'],
    ['canon.cr2', Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1'), 'unsupported-format', 'camera raw'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'unsupported-format', 'SVG'],
  ] as const)('%s', async (name, content, code, words) => {
    if (content !== undefined) await writeFile(at(name), content);
    const fault = await opened(at(name), name);
    expect(fault).toMatchObject({ code, file: name });
    expect(fault.message).toContain(words);
    expect(fault.message).toContain(name);
  });

  it('a folder', async () => {
    expect(await opened(folder, 'my folder')).toMatchObject({ code: 'not-a-file', file: 'my folder' });
  });

  it('a PNG that declares more than a gigapixel', async () => {
    const fault = await opened(await writeBomb(at('bomb.png'), 100_000, 100_000));
    expect(fault.code).toBe('too-large');
    expect(fault.message).toContain('100000 x 100000');
  });

  it('a PNG that declares far more than it holds', async () => {
    const path = await writeBomb(at('liar.png'), 3000, 3000);
    const fault = await faultFrom(() => readAll(path));
    expect(fault).toMatchObject({ code: 'unreadable-image', file: path });
  });

  it('32 bit float pixels', async () => {
    await pipelineOf(gradient({ width: 8, height: 8, channels: 3, depth: 8 }))
      .toColourspace('scrgb')
      .tiff({ compression: 'lzw' })
      .toFile(at('float.tif'));
    const fault = await opened(at('float.tif'));
    expect(fault.code).toBe('unsupported-format');
    expect(fault.message).toContain('float');
  });

  it('a truncated JPEG: pending and later reads fail alike, and say how much is there', async () => {
    const jpeg = await pipelineOf(noise({ width: 2000, height: 1500, channels: 3, depth: 8 }))
      .jpeg()
      .toBuffer();
    await writeFile(at('cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
    await withPhoto(at('cut.jpg'), async (photo) => {
      const pending = await faultFrom(() => photo.read(rect(0, 1400, 100, 100)));
      expect(pending.code).toBe('unreadable-image');
      expect(pending.message).toMatch(/ends too early after [345]\d % of the picture \(row \d+ of 1500\)/);
      expect(await faultFrom(() => photo.read(rect(0, 0, 10, 10)))).toBe(pending);
      expect(await faultFrom(() => photo.read(rect(0, 0, 10, 10), { level: 1 }))).toBe(pending);
    });
    expect(await readdir(scratchFolder)).toEqual([]);
  });

  it.each(['png', 'webp', 'avif', 'tiff', 'gif'] as const)('a truncated %s', async (format) => {
    const whole = await pipelineOf(noise({ width: 200, height: 150, channels: 3, depth: 8 }))
      .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : {})
      .toBuffer();
    await writeFile(at(`cut.${format}`), whole.subarray(0, whole.length / 2));
    expect((await faultFrom(() => readAll(at(`cut.${format}`)))).code).toBe('unreadable-image');
  });
});
