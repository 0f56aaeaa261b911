import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPhoto, type FilePhoto } from '../../src/engine/codec/read/open';
import { createScratch } from '../../src/engine/codec/scratch/scratch';
import { encodePhoto } from '../../src/engine/codec/write/encode';
import type { Page } from '../../src/shared/contract';
import { faultOf } from '../../src/shared/faults';
import { rect, wholeOf } from '../../src/shared/geometry';
import { DEEP_HEIC, TURNED_HEIC } from '../fixtures/heics';
import { dngOf } from '../fixtures/tiffs';

/** Formats that libvips, as sharp brings it, does not know: by files that the test makes itself. */
let folder: string;
let scratchFolder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foreign-'));
  scratchFolder = join(folder, 'scratch');
  await mkdir(scratchFolder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function opened<T>(
  name: string,
  bytes: Buffer,
  look: (photo: FilePhoto) => Promise<T> | T,
  page?: Page,
): Promise<T> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const photo = await openPhoto(path, { scratchFolder, name, page });
  try {
    return await look(photo);
  } finally {
    await photo.close();
  }
}

/** A pixel's samples in steps of 8 bits. */
async function pixel(photo: FilePhoto, x: number, y: number): Promise<number[]> {
  const { data } = await photo.read(rect(x, y, 1, 1));
  return [...data].map((value) => Math.round(255 * value));
}
const close = (found: number[], wanted: number[]): boolean =>
  found.every((value, c) => Math.abs(value - wanted[c]!) <= 4);

const faultFor = async (name: string, bytes: Buffer): Promise<string> => {
  const fault = await opened(name, bytes, () => undefined).then(() => undefined, faultOf);
  return fault ? `${fault.code}: ${fault.message}` : 'opened';
};

describe('camera raw', () => {
  /** The curve of sRGB (IEC 61966-2-1), in steps of 8 bits. */
  const shown = (linear: number): number => Math.round(255 * (1.055 * linear ** (1 / 2.4) - 0.055));

  it('is developed: by the white balance of the camera, in the curve of sRGB, of 16 bits, with a note', async () => {
    // Its ending says TIFF: the tags count.
    await opened('photo.tif', dngOf(0.5, 0.2), async (photo) => {
      expect(photo.info).toMatchObject({ width: 64, height: 48, format: 'raw', depth: 16, grey: false });
      expect(photo.info.notes.join()).toMatch(/camera raw .* white balance of the camera/);
      for (const [x, seen] of [
        [10, 0.5],
        [54, 0.2],
      ] as const) {
        const found = await pixel(photo, x, 24);
        expect(close(found, [shown(seen), shown(seen), shown(seen)]), String(found)).toBe(true);
      }
      expect(photo.metadata.exif!.includes('A camera')).toBe(true);
    });
  });

  it('is turned once', async () => {
    await opened('turned.dng', dngOf(0.5, 0.1, 6), async (photo) => {
      expect(photo.info).toMatchObject({ width: 48, height: 64 });
      expect(close(await pixel(photo, 20, 5), [shown(0.5), shown(0.5), shown(0.5)])).toBe(true);
      expect(close(await pixel(photo, 20, 60), [shown(0.1), shown(0.1), shown(0.1)])).toBe(true);
    });
  });

  it('that cannot be decoded is refused in a sentence, and its thumbnail is not taken for it', async () => {
    const dng = dngOf(0.5, 0.2);
    for (const cut of [100, 300, dng.length - 4000]) {
      const said = await faultFor('cut.dng', dng.subarray(0, cut));
      expect(said).toMatch(/^unsupported-format: .*cut\.dng, found camera raw of a kind that LibRaw/);
    }
  });
});

describe('the JPEG that a camera put into its raw file', () => {
  /** Left red, right blue. */
  async function jpegOf(
    width: number,
    height: number,
  ): Promise<{ bytes: Buffer; width: number; height: number }> {
    const half = (background: string) => ({
      create: { width: width / 2, height, channels: 3, background } as const,
    });
    const bytes = await sharp({ create: { width, height, channels: 3, background: 'blue' } })
      .composite([{ input: half('red'), left: 0, top: 0 }])
      .jpeg({ chromaSubsampling: '4:4:4' })
      .toBuffer();
    return { bytes, width, height };
  }
  const embedded = <T>(bytes: Buffer, look: (photo: FilePhoto) => Promise<T> | T): Promise<T> =>
    opened('photo.dng', bytes, look, 'embedded');

  it('is opened when it is asked for, with the EXIF of the raw file, and told of otherwise', async () => {
    const dng = dngOf(0.5, 0.2, 1, await jpegOf(64, 48));
    await opened('photo.dng', dng, ({ info }) => {
      expect(info).toMatchObject({ depth: 16, page: 1, pages: 1, embedded: true });
    });
    await embedded(dng, async (photo) => {
      expect(photo.info).toMatchObject({ width: 64, height: 48, format: 'raw', depth: 8, page: 'embedded' });
      expect(photo.info.notes).toEqual(['This is the JPEG that the camera made of the raw photo.']);
      expect(close(await pixel(photo, 5, 5), [254, 0, 0])).toBe(true);
      expect(photo.metadata.exif!.includes('A camera')).toBe(true);
    });
  });

  it('is turned as the raw photo is, unless it is upright already', async () => {
    await embedded(dngOf(0.5, 0.2, 6, await jpegOf(64, 48)), async (photo) => {
      expect(photo.info).toMatchObject({ width: 48, height: 64 });
      expect(close(await pixel(photo, 20, 5), [254, 0, 0])).toBe(true);
      expect(close(await pixel(photo, 20, 60), [0, 0, 254])).toBe(true);
    });
    await embedded(dngOf(0.5, 0.2, 6, await jpegOf(48, 64)), async (photo) => {
      expect(photo.info).toMatchObject({ width: 48, height: 64 });
      expect(close(await pixel(photo, 5, 20), [254, 0, 0])).toBe(true);
    });
  });

  it('that is a thumbnail says so', async () => {
    await embedded(dngOf(0.5, 0.2, 1, await jpegOf(16, 12)), ({ info }) => {
      expect(info.notes[0]).toMatch(/: 16 x 12 pixels, while developing gives 64 x 48\.$/);
    });
  });

  it('that is not there, or was asked of another kind of file, is refused in a sentence', async () => {
    await expect(embedded(dngOf(0.5, 0.2), () => undefined)).rejects.toMatchObject({
      fault: { code: 'bad-option', message: expect.stringContaining('a JPEG by the camera') as string },
    });
    await expect(embedded(DEEP_HEIC, () => undefined)).rejects.toMatchObject({
      fault: { code: 'bad-option', message: expect.stringContaining('found HEIC') as string },
    });
  });
});

describe('HEIC', () => {
  it('is turned once, with EXIF and XMP', async () => {
    await opened('a.heic', TURNED_HEIC, async (photo) => {
      expect(photo.info).toMatchObject({ width: 40, height: 64, format: 'heic', depth: 8, alpha: false });
      // Clockwise by 90 degrees: what was on the left is on top.
      expect(close(await pixel(photo, 10, 5), [200, 40, 30])).toBe(true);
      expect(close(await pixel(photo, 30, 60), [20, 180, 60])).toBe(true);
      expect(close(await pixel(photo, 8, 60), [30, 60, 220])).toBe(true);
      const { exif, xmp } = photo.metadata;
      expect(exif?.toString('latin1')).toContain('Maker');
      // The tag of the orientation, as a SHORT in big-endian, says 1.
      expect(exif?.toString('hex')).toContain('01120003000000010001');
      expect(xmp?.toString()).toContain('adobe:ns:meta/');
    });
  });

  it('of 10 bits is opened in 16', async () => {
    await opened('b.heic', DEEP_HEIC, async (photo) => {
      expect(photo.info).toMatchObject({ width: 64, height: 40, depth: 16 });
      expect(close(await pixel(photo, 60, 5), [20, 180, 60])).toBe(true);
    });
  });

  it('that is cut or no picture is refused with its name', async () => {
    expect(await faultFor('cut.heic', TURNED_HEIC.subarray(0, 700))).toMatch(
      /^unreadable-image: .*cut\.heic/,
    );
    expect(await faultFor('head.heic', TURNED_HEIC.subarray(0, 40))).toMatch(
      /^unreadable-image: .*head\.heic/,
    );
  });
});

/** A bitmap with a BITMAPINFOHEADER; `rows` from the top. */
function bmp(
  bits: number,
  width: number,
  rows: readonly (readonly number[])[],
  palette: number[] = [],
): Buffer {
  const stride = Math.ceil((width * bits) / 32) * 4;
  const head = Buffer.alloc(54);
  head.write('BM', 0, 'latin1');
  head.writeUInt32LE(54 + palette.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(rows.length, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(bits, 28);
  const lines = [...rows].reverse().map((row) => Buffer.concat([Buffer.from(row)], stride));
  return Buffer.concat([head, Buffer.from(palette), ...lines]);
}

describe('BMP', () => {
  it('of 24 bits, rows from the bottom', async () => {
    const file = bmp(24, 2, [
      [3, 2, 1, 6, 5, 4],
      [9, 8, 7, 12, 11, 10],
    ]);
    await opened('a.bmp', file, async (photo) => {
      expect([await pixel(photo, 0, 0), await pixel(photo, 1, 1)]).toEqual([
        [1, 2, 3],
        [10, 11, 12],
      ]);
    });
  });

  it.each([
    [1, [[0b01000000]]],
    [4, [[0x01]]],
    [8, [[0, 1]]],
  ])('of a palette of %d bits', async (bits, rows) => {
    const palette = [30, 20, 10, 0, 60, 50, 40, 0];
    await opened('p.bmp', bmp(bits, 2, rows, palette), async (photo) => {
      expect([await pixel(photo, 0, 0), await pixel(photo, 1, 0)]).toEqual([
        [10, 20, 30],
        [40, 50, 60],
      ]);
    });
  });

  it('of 16 bits has five a channel', async () => {
    const [low, high] = [0x1f, 0x7c]; // red and blue full
    await opened('s.bmp', bmp(16, 1, [[low, high]]), async (photo) => {
      expect(await pixel(photo, 0, 0)).toEqual([255, 0, 255]);
    });
  });

  it('that is cut, or coded by run lengths, is refused in words', async () => {
    const whole = bmp(24, 2, [[1, 2, 3, 4, 5, 6]]);
    expect(await faultFor('cut.bmp', whole.subarray(0, 56))).toMatch(/^unreadable-image: .*ends too early/);
    const coded = Buffer.from(whole);
    coded.writeUInt32LE(1, 30);
    expect(await faultFor('rle.bmp', coded)).toMatch(/^unsupported-format: .*run-length/);
    const large = Buffer.from(whole);
    large.writeInt32LE(100_000, 18);
    large.writeInt32LE(100_000, 22);
    expect(await faultFor('bomb.bmp', large)).toMatch(/^unsupported-format: .*100000 x 100000/);
  });
});

describe('PNM', () => {
  it('of 16 bits keeps them', async () => {
    const file = Buffer.concat([Buffer.from('P5\n2 1\n65535\n'), Buffer.from([0x12, 0x34, 0xff, 0xff])]);
    await opened('a.pgm', file, async (photo) => {
      expect(photo.info).toMatchObject({ width: 2, height: 1, depth: 16, grey: true });
      expect(Math.round((await photo.read(rect(0, 0, 1, 1))).data[0]! * 65535)).toBe(0x1234);
    });
  });

  it('as text', async () => {
    await opened('a.ppm', Buffer.from('P3\n# a comment\n1 1\n255\n10 20 30\n'), async (photo) =>
      expect(await pixel(photo, 0, 0)).toEqual([10, 20, 30]),
    );
  });
});

describe('JPEG 2000', () => {
  it.each([
    [8, 3],
    [12, 1],
  ])('of %d bits and %d components', async (bits, components) => {
    const load = createRequire(import.meta.url)('@cornerstonejs/codec-openjpeg/wasmjs') as (
      o: object,
    ) => Promise<{
      J2KEncoder: new () => {
        getDecodedBuffer(info: object): Uint8Array;
        setQuality(lossless: boolean, rate: number): void;
        encode(): void;
        getEncodedBuffer(): Uint8Array;
      };
    }>;
    const encoder = new (await load({})).J2KEncoder();
    const [width, height, top] = [64, 48, 2 ** bits - 1];
    const info = { width, height, bitsPerSample: bits, componentCount: components, isSigned: false };
    const into = encoder.getDecodedBuffer(info);
    const samples = Array.from({ length: width * height * components }, (_, i) => (i * 37) % (top + 1));
    const bytes = bits > 8 ? new Uint8Array(Uint16Array.from(samples).buffer) : Uint8Array.from(samples);
    into.set(bytes);
    encoder.setQuality(true, 0);
    encoder.encode();
    await opened('a.j2k', Buffer.from(encoder.getEncodedBuffer()), async (photo) => {
      expect(photo.info).toMatchObject({ width, height, depth: bits > 8 ? 16 : 8, format: 'jp2' });
      const { data } = await photo.read(wholeOf(photo.info));
      const found = Array.from({ length: samples.length }, (_, i) =>
        Math.round(data[(i % components) * width * height + Math.floor(i / components)]! * top),
      );
      expect(found).toEqual(samples);
    });
  });
});

describe('JPEG XL', () => {
  it.each([
    [1, 8],
    [3, 8],
    [4, 16],
  ] as const)(
    'of %d channels and %d bits is written and read again without loss',
    async (channels, depth) => {
      const size = { width: 30, height: 20 };
      const scratch = await createScratch(size, channels, depth, scratchFolder);
      const samples = new (depth === 16 ? Uint16Array : Uint8Array)(600 * channels);
      for (let i = 0; i < samples.length; i++) samples[i] = (i * 331) % 2 ** depth;
      await scratch.write(wholeOf(size), samples);
      const path = join(folder, `${channels}-${depth}.jxl`);
      const exif = Buffer.from('Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1');
      const xmp = Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
      const carried = { density: null, exif, xmp };
      await encodePhoto(scratch, carried, { format: 'jxl', quality: 100 }, path, { overwrite: false });
      await scratch.close();
      const photo = await openPhoto(path, { scratchFolder });
      const { data } = await photo.read(wholeOf(size));
      const found = Array.from({ length: samples.length }, (_, i) =>
        Math.round(data[(i % channels) * 600 + Math.floor(i / channels)]! * (2 ** depth - 1)),
      );
      expect(found).toEqual([...samples]);
      expect(photo.info).toMatchObject({ ...size, depth, format: 'jxl', alpha: channels === 4 });
      expect(photo.metadata.xmp?.toString()).toContain('adobe:ns:meta/');
      await photo.close();
    },
  );
});
