import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stats } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDiskFull, isFileTooBig, isOutOfMemory, unwritable } from '../../src/engine/codec/fileFaults';
import { withReader } from '../../src/engine/codec/containers/byteSource';
import { readDirectory } from '../../src/engine/codec/metadata/tiffDirectory';
import { readTiffExif } from '../../src/engine/codec/metadata/tiffExif';
import { complaintOf, flawsOf, withEndMarker } from '../../src/engine/codec/read/flaws';
import { openPhoto } from '../../src/engine/codec/read/open';
import { describeSource, type Source } from '../../src/engine/codec/read/source';
import { toBytes } from '../../src/engine/kernels/color/quantise';
import type { Fault, FaultError } from '../../src/shared/faults';
import { rect, wholeOf } from '../../src/shared/geometry';
import { gradient, noise, pipelineOf } from '../fixtures/pictures';
import { directoryBomb, exifSegment, pictureFields, tiffOf, withSegment } from '../fixtures/tiffs';

let folder: string;
let scratchFolder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codec-damage-'));
  scratchFolder = join(folder, 'scratch');
  await mkdir(scratchFolder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(name: string, content: Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** Opens, decodes all and gives what was found out. */
async function decoded(path: string) {
  const photo = await openPhoto(path, { scratchFolder });
  try {
    const pixels = await photo.read(wholeOf(photo.info));
    return { pixels, flaws: await photo.flaws(), info: photo.info };
  } finally {
    await photo.close();
  }
}
const faultOf = (work: Promise<unknown>): Promise<Fault> =>
  work.then(
    () => Promise.reject(new Error('expected a fault, received none')),
    (error: unknown) => (error as FaultError).fault,
  );

const jpegOf = (width: number, height: number, quality = 90): Promise<Buffer> =>
  pipelineOf(noise({ width, height, channels: 3, depth: 8 }))
    .jpeg({ quality })
    .toBuffer();

/** Without a tenth of its data: libjpeg runs out of them and fills the rest in. */
const holed = (jpeg: Buffer): Buffer =>
  Buffer.concat([jpeg.subarray(0, jpeg.length * 0.4), jpeg.subarray(jpeg.length * 0.5)]);

describe('directories that point in circles', () => {
  it('are read once each, within bounds', async () => {
    const bomb = directoryBomb();
    let reads = 0;
    const read = (at: number, bytes: number): Buffer => {
      reads += 1;
      return bomb.subarray(at, at + bytes);
    };
    expect(await readDirectory(read, 8, false)).toEqual([]);
    expect(reads).toBe(2);
  });

  it('as many as there are entries, each with many: ends soon', async () => {
    // 100 directories of 100 entries, every one of which points to the next directory.
    const size = 2 + 100 * 12 + 4;
    const tree = Buffer.alloc(8 + 100 * size);
    for (let d = 0; d < 100; d++) {
      tree.writeUInt16LE(100, 8 + d * size);
      for (let e = 0; e < 100; e++) {
        const entry = 8 + d * size + 2 + e * 12;
        tree.writeUInt16LE(34665, entry);
        tree.writeUInt16LE(4, entry + 2);
        tree.writeUInt32LE(1, entry + 4);
        tree.writeUInt32LE(8 + ((d + e + 1) % 100) * size, entry + 8);
      }
    }
    let reads = 0;
    await readDirectory((at, bytes) => ((reads += 1), tree.subarray(at, at + bytes)), 8, false);
    expect(reads).toBeLessThan(300);
  });

  it('at every bound: the values are read beside the event loop, which goes on meanwhile', async () => {
    // 1,100 entries of a kilobyte each, of which the reader takes 1,024.
    const [count, bytes] = [1100, 1024];
    const file = Buffer.alloc(8 + 2 + count * 12 + 4 + count * bytes, 65);
    file.write('II*\0\b\0\0\0', 'latin1');
    file.writeUInt16LE(count, 8);
    for (let e = 0; e < count; e++) {
      const entry = 10 + e * 12;
      file.writeUInt16LE(270, entry);
      file.writeUInt16LE(2, entry + 2);
      file.writeUInt32LE(bytes, entry + 4);
      file.writeUInt32LE(10 + count * 12 + 4 + e * bytes, entry + 8);
    }
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const exif = await withReader(await written('bounds.tif', file), (read) => readTiffExif(read, 0));
    clearInterval(counting);
    expect(exif!.length).toBeGreaterThan(1024 * bytes);
    expect(exif!.length).toBeLessThan(1024 * (bytes + 12) + 100);
    expect(turns).toBeGreaterThan(0);
  });

  it('in a JPEG and in a TIFF: the photo is opened', async () => {
    const jpeg = withSegment(await jpegOf(32, 24), 0xe1, exifSegment(directoryBomb()));
    expect((await decoded(await written('bomb.jpg', jpeg))).info.width).toBe(32);
    const fields = pictureFields(4, 4, 3);
    const self = Array.from({ length: 200 }, () => ({
      tag: 34665,
      type: 'long' as const,
      value: [8 + 48],
    }));
    const tiff = tiffOf([[...fields, ...self]], { pixels: Buffer.alloc(48, 7) });
    const fault = await decoded(await written('bomb.tif', tiff)).catch((error: unknown) => error);
    expect(fault).toBeDefined();
  });
});

describe('damage is said', () => {
  it('a JPEG that lost a piece of its middle: enlarged, with a word', async () => {
    const { flaws } = await decoded(await written('holed.jpg', holed(await jpegOf(320, 240))));
    expect(flaws).toHaveLength(1);
    expect(flaws[0]).toMatch(/^Parts of the file are damaged and were filled in by the decoder \("Corrupt/);
  });

  it('no end marker: every pixel as with it, and a word', async () => {
    for (const progressive of [false, true]) {
      const whole = await pipelineOf(gradient({ width: 61, height: 47, channels: 3, depth: 8 }))
        .jpeg({ progressive })
        .toBuffer();
      const expected = await decoded(await written('whole.jpg', whole));
      const lacking = await decoded(await written('noeoi.jpg', whole.subarray(0, -2)));
      expect(expected.flaws).toEqual([]);
      expect(lacking.flaws).toEqual(['The file lacks its end marker; all pixels were there.']);
      expect(toBytes(lacking.pixels)).toEqual(toBytes(expected.pixels));
    }
    expect(await readdir(scratchFolder)).toEqual([]);
  });

  it('padding before the end marker is no damage', async () => {
    const jpeg = await jpegOf(64, 48);
    const padded = Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(32), jpeg.subarray(-2)]);
    expect((await decoded(await written('padded.jpg', padded))).flaws).toEqual([]);
  });

  it('a whole photo beside a damaged one has no word said of it', async () => {
    const jpeg = await jpegOf(320, 240);
    const whole = await written('beside.jpg', jpeg);
    const damaged = await written('broken.jpg', holed(jpeg));
    const [first, second, third] = await Promise.all([whole, damaged, whole].map(decoded));
    expect([first!.flaws, third!.flaws]).toEqual([[], []]);
    expect(second!.flaws).toHaveLength(1);
  });

  it.each(['png', 'tiff', 'webp', 'gif'] as const)(
    "a whole %s that is handed another photo's warning has no word said of it",
    async (format) => {
      const picture = pipelineOf(gradient({ width: 61, height: 47, channels: 3, depth: 8 }));
      const path = await written(`whole.${format}`, await picture.toFormat(format).toBuffer());
      const source = await describeSource(path, path, folder);
      expect(await flawsOf(source, ['not enough data', 'Read error at scanline 3'])).toEqual([]);
    },
  );

  it('a PNG whose last rows are missing is refused, and is the one that is named', async () => {
    const png = await pipelineOf(noise({ width: 64, height: 48, channels: 3, depth: 8 }))
      .png()
      .toBuffer();
    const [whole, cut] = [await written('whole.png', png), await written('cut.png', png.subarray(0, -900))];
    const [first, second, third] = await Promise.allSettled([whole, cut, whole].map(decoded));
    expect([first, third]).toMatchObject([{ value: { flaws: [] } }, { value: { flaws: [] } }]);
    expect(second).toMatchObject({ reason: { fault: { code: 'unreadable-image' } } });
  });
});

describe("a decoder's words that another pipeline cleared away", () => {
  const stats = (channels: number): Promise<Stats> =>
    Promise.resolve({ channels: Array.from({ length: channels }, () => ({})) } as Stats);

  it('are asked for again; a failure that passes for a success is none', async () => {
    const answers = [
      () => stats(0),
      () => Promise.reject(new Error('VipsJpeg: premature end of JPEG image\nmore')),
    ];
    expect(await complaintOf(() => answers.shift()!(), 'heard')).toBe('premature end of JPEG image');
    expect(await complaintOf(() => stats(0), 'heard')).toBe('heard');
    expect(await complaintOf(() => stats(3), 'heard')).toBeUndefined();
  });

  it('hide no missing end marker', async () => {
    const path = await written('words.jpg', await jpegOf(32, 24));
    const source = { format: 'jpeg', path, pixels: path } as Source;
    const mended = await withEndMarker(source, new Error('Unknown error'), folder);
    expect(mended?.pixels).toBe(join(folder, 'mended.jpg'));
    expect(await withEndMarker(source, new Error('Corrupt JPEG data'), folder)).toBeUndefined();
  });
});

describe('what is no damage is not called so', () => {
  it('a file that is removed while it is read', async () => {
    const path = await written('gone.jpg', (await jpegOf(3000, 2000)).subarray(0, 200_000));
    const photo = await openPhoto(path, { scratchFolder, name: 'gone.jpg' });
    await rm(path);
    const fault = await faultOf(photo.read(rect(0, 1990, 8, 8)));
    expect(fault).toMatchObject({ code: 'not-found', file: 'gone.jpg' });
    expect(fault.message).toContain('removed or moved meanwhile');
    await photo.close();
  });

  it('a system without memory, a full disk, a limit on files', () => {
    expect(isOutOfMemory(new Error('VipsImage: out of memory -- size == 400MB'))).toBe(true);
    expect(isOutOfMemory(new Error('VipsJpeg: premature end of JPEG image'))).toBe(false);
    expect(isDiskFull(new Error('wbuffer_write: No space left on device'))).toBe(true);
    expect(isFileTooBig(new Error('unable to write to fd 20: File too large'))).toBe(true);
    const full = unwritable('/tmp/a.png', Object.assign(new Error('x'), { code: 'ENOSPC' })).fault;
    expect(full).toMatchObject({ code: 'disk-full', file: '/tmp/a.png' });
    const limited = unwritable('/tmp/a.png', Object.assign(new Error('x'), { code: 'EFBIG' })).fault;
    expect(limited.message).toContain('/tmp/a.png, found a limit on the size of a file');
  });
});
