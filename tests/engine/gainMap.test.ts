import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachedPictures, encodeIndex } from '../../src/engine/codec/containers/multiPicture';
import { enlargedMetadata } from '../../src/engine/codec/metadata/enlarged';
import { openPhoto, type FilePhoto } from '../../src/engine/codec/read/open';
import { createScratch } from '../../src/engine/codec/scratch/scratch';
import { encodePhoto } from '../../src/engine/codec/write/encode';
import { writeGainMap, type EnlargedPart } from '../../src/engine/codec/write/gainMapFile';
import { planEncoding } from '../../src/engine/codec/write/plan';
import type { Encoding } from '../../src/shared/contract';
import { outputSize, rect, wholeOf, type Rect } from '../../src/shared/geometry';
import { ISO_PARAMETERS, mapJpeg, withGainMap, type GainMapKind } from '../fixtures/gainMaps';
import { gradient, type Picture } from '../fixtures/pictures';

/** Gain maps of photos, in and out. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gain-map-'));
  await mkdir(join(folder, 'scratch'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const size = { width: 80, height: 48 };
const photo = gradient({ ...size, channels: 3, depth: 8 });
/** A plane, whose enlargement is known: 2 a pixel to the right, 3 a pixel down. */
const ramp = (width: number, height: number, channels: 1 | 3): Picture => ({
  width,
  height,
  channels,
  depth: 8,
  samples: Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return 20 + 4 * (pixel % width) + 6 * Math.floor(pixel / width) + (i % channels);
  }),
});

const usual: GainMapKind = { by: 'adobe', found: ['index', 'directory'] };

async function opened<T>(content: Buffer, use: (photo: FilePhoto) => Promise<T>): Promise<T> {
  const path = join(folder, 'photo.jpg');
  await writeFile(path, content);
  const found = await openPhoto(path, { scratchFolder: join(folder, 'scratch') });
  try {
    return await use(found);
  } finally {
    await found.close();
  }
}

const wholeAt = (scale: number): EnlargedPart => ({
  photo: size,
  scale,
  part: wholeOf(outputSize(size, scale)),
});

/** A photo with a map, enlarged (its pixels are blank) into a file. */
async function enlarged(
  { metadata, scratchFolder, info }: Pick<FilePhoto, 'metadata' | 'scratchFolder' | 'info'>,
  { part, scale, photo: of }: EnlargedPart,
  encoding: Encoding = { format: 'jpeg' },
): Promise<{ path: string; content: Buffer; notes: string[] }> {
  const provenance = { version: '1', method: 'bicubic', scale };
  const told = enlargedMetadata(metadata, { part, provenance, encoding });
  const plan = planEncoding(
    encoding,
    { channels: 3, depth: 8, metadata: told, profiled: info.profile !== null },
    part,
  );
  const gainMap =
    plan.gainMap && (await writeGainMap(plan.gainMap, { part, scale, photo: of }, scratchFolder));
  const scratch = await createScratch(part, 3, 8, scratchFolder);
  const path = join(folder, `enlarged.${encoding.format}`);
  const { notes } = await encodePhoto(scratch, told, encoding, path, {
    overwrite: true,
    ...(gainMap && { gainMap }),
  });
  await scratch.close();
  return { path, content: await readFile(path), notes: [...notes] };
}

const pixelsOf = async (map: Buffer | string): Promise<{ data: Buffer; width: number; height: number }> => {
  const { channels } = await sharp(map).metadata();
  const space = channels === 1 ? 'b-w' : 'srgb';
  const { data, info } = await sharp(map).toColourspace(space).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
};

describe('the index of several pictures', () => {
  it('reads what it wrote, and from damage nothing', () => {
    const index = encodeIndex(1000, 5000, 700);
    expect(attachedPictures(index, 1000)).toEqual([{ at: 5000, bytes: 700 }]);
    for (let length = 0; length < index.length; length++) {
      expect(attachedPictures(index.subarray(0, length), 1000).length).toBeLessThan(2);
    }
  });
});

describe('a gain map is found', () => {
  it.each<GainMapKind & { what: string }>([
    { what: 'by index and directory', ...usual },
    { what: 'by a big-endian index', by: 'adobe', found: ['index'], bigEndian: true },
    { what: 'by the directory alone', by: 'adobe', found: ['directory'] },
    { what: 'described by ISO 21496-1', by: 'iso', found: ['index'] },
    { what: "as Apple's", by: 'apple', found: ['index'] },
  ])('$what', async (kind) => {
    const map = await mapJpeg(ramp(20, 12, 1), kind.by);
    await opened(await withGainMap(photo, map, kind), async ({ info, metadata }) => {
      expect(info).toMatchObject({ ...size, gainMap: true, notes: [] });
      expect(await readFile(metadata.gainMap!.path)).toEqual(map);
      expect(metadata.xmp?.toString() ?? '').not.toMatch(/hdrgm:Version|Container:Directory/);
    });
  });

  it('nowhere else: pointers to nothing are taken out, with a word', async () => {
    const map = await mapJpeg(ramp(20, 12, 1), 'adobe');
    const whole = await withGainMap(photo, map, usual);
    await opened(whole.subarray(0, whole.length - map.length), async ({ info, metadata }) => {
      expect(info.gainMap).toBe(false);
      expect(metadata.gainMap).toBeUndefined();
      expect(info.notes.join()).toContain('gain map for high dynamic range');
      await Promise.resolve();
    });
  });
});

describe('a gain map is enlarged', () => {
  const check = async (kind: GainMapKind, channels: 1 | 3, scale: number, part: Rect<'output'>) => {
    const map = await mapJpeg(ramp(20, 12, channels), kind.by);
    return opened(await withGainMap(photo, map, kind), async (found) => {
      const { width, height } = found.info;
      const { path } = (await writeGainMap(
        found.metadata.gainMap!,
        { photo: { width, height }, scale, part },
        found.scratchFolder,
      ))!;
      return { ...(await pixelsOf(path)), content: await readFile(path) };
    });
  };

  it.each([1, 3] as const)('whole, of %d channels: a quarter of the picture as before', async (channels) => {
    const scale = 2.5;
    const { data, width, height } = await check(usual, channels, scale, wholeOf(outputSize(size, scale)));
    expect([width, height]).toEqual([50, 30]);
    // Inside; at the border there is nothing to interpolate towards.
    for (let y = 2; y < height - 2; y++) {
      for (let x = 2; x < width - 2; x++) {
        for (let c = 0; c < channels; c++) {
          const expected = 20 + 4 * ((x + 0.5) / scale - 0.5) + 6 * ((y + 0.5) / scale - 0.5) + c;
          expect(Math.abs(data[(y * width + x) * channels + c]! - expected)).toBeLessThan(2.5);
        }
      }
    }
  });

  it('of a region: what belongs to it, though it begins between pixels of the map', async () => {
    const part = rect<'output'>(30, 18, 42, 27); // at x3: source pixels 10 to 24 and 6 to 15
    const { data, width, height } = await check(usual, 1, 3, part);
    expect([width, height]).toEqual([11, 7]);
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const u = (30 + ((x + 0.5) * 42) / 11) / 12 - 0.5;
        const v = (18 + ((y + 0.5) * 27) / 7) / 12 - 0.5;
        expect(Math.abs(data[y * width + x]! - (20 + 4 * u + 6 * v))).toBeLessThan(2.5);
      }
    }
  });

  it('and turned as its photo is', async () => {
    const turned = { ...usual, orientation: 6 };
    const { data, width, height } = await check(turned, 1, 2, rect<'output'>(0, 0, 96, 160));
    expect([width, height]).toEqual([24, 40]);
    // Stored to the right is down, stored down is to the left.
    const [above, below, left, right] = [5 * 24 + 12, 30 * 24 + 12, 20 * 24 + 4, 20 * 24 + 20];
    expect(data[below]! - data[above]!).toBeGreaterThan(40);
    expect(data[left]! - data[right]!).toBeGreaterThan(40);
  });

  it('never beyond the gains beside an edge', async () => {
    const edge: Picture = { width: 20, height: 12, channels: 1, depth: 8, samples: new Uint8Array(240) };
    edge.samples.forEach((_, i) => (edge.samples[i] = i % 20 < 10 ? 60 : 200));
    const map = await mapJpeg(edge, 'adobe');
    await opened(await withGainMap(photo, map, usual), async ({ metadata, scratchFolder }) => {
      const { path } = (await writeGainMap(metadata.gainMap!, wholeAt(4), scratchFolder))!;
      const { data } = await pixelsOf(path);
      expect(Math.min(...data)).toBeGreaterThan(57);
      expect(Math.max(...data)).toBeLessThan(203);
    });
  });

  it.each(['adobe', 'iso'] as const)('with the words of %s as they were', async (by) => {
    const kind: GainMapKind = { by, found: ['index'] };
    const { content } = await check(kind, 1, 2, rect<'output'>(0, 0, 160, 96));
    if (by === 'adobe') expect(content.includes('hdrgm:GainMapMax="2.5"')).toBe(true);
    else expect(content.includes(ISO_PARAMETERS)).toBe(true);
  });

  it('that cannot be read is none', async () => {
    const map = await mapJpeg(ramp(20, 12, 1), 'adobe');
    // Its description is whole, its picture is not.
    const broken = Buffer.concat([
      map.subarray(0, map.indexOf(Buffer.from([0xff, 0xc0]))),
      Buffer.alloc(200),
    ]);
    await opened(await withGainMap(photo, broken, usual), async ({ metadata, scratchFolder }) => {
      expect(await writeGainMap(metadata.gainMap!, wholeAt(2), scratchFolder)).toBeUndefined();
    });
  });
});

describe('the file of an enlargement', () => {
  const written = async (kind: GainMapKind, encoding?: Encoding) => {
    const map = await mapJpeg(ramp(20, 12, 1), kind.by);
    return opened(await withGainMap(photo, map, kind), (found) => enlarged(found, wholeAt(2), encoding));
  };

  it.each(['adobe', 'iso', 'apple'] as const)('has the map of %s at its end, and says where', async (by) => {
    const { content, path } = await written({ by, found: ['index'] });
    const at = content.indexOf('MPF\0') + 4;
    const [attached] = attachedPictures(content.subarray(at), at);
    expect(attached!.at + attached!.bytes).toBe(content.length);
    expect(content.readUInt16BE(attached!.at)).toBe(0xffd8);
    expect(content.readUInt16BE(attached!.at - 2)).toBe(0xffd9);
    const map = await pixelsOf(content.subarray(attached!.at));
    expect([map.width, map.height]).toEqual([40, 24]);
    const text = content.subarray(0, attached!.at).toString('latin1');
    const length = /Item:Semantic="GainMap" Item:Mime="image\/jpeg" Item:Length="(\d+)"/.exec(text)?.[1];
    expect(length).toBe(by === 'adobe' ? String(attached!.bytes) : undefined);
    expect(text.includes('urn:iso:std:iso:ts:21496:-1')).toBe(by === 'iso');
    const again = await openPhoto(path, { scratchFolder: join(folder, 'scratch') });
    await again.close();
    expect(again.info).toMatchObject({ width: 160, height: 96, gainMap: true, notes: [] });
  });

  it('says it in the first packet where XMP is longer than a segment', async () => {
    const map = await mapJpeg(ramp(20, 12, 1), 'adobe');
    await opened(await withGainMap(photo, map, usual), async (found) => {
      const long = Buffer.from(
        found.metadata.xmp!.toString().replace('xmp:Rating', `xmp:Label="${'x'.repeat(70_000)}" xmp:Rating`),
      );
      const metadata = { ...found.metadata, xmp: long };
      const { info, scratchFolder } = found;
      const { content } = await enlarged({ info, scratchFolder, metadata }, wholeAt(2));
      expect(content.indexOf('Item:Semantic="GainMap"')).toBeLessThan(content.indexOf('xmp:Label'));
    });
  });

  it('of another format, without it by request, or of converted colours: no pointer, a word where nobody asked', async () => {
    const map = await mapJpeg(ramp(20, 12, 1), 'adobe');
    await opened(await withGainMap(photo, map, usual), async (found) => {
      for (const [encoding, profile, word] of [
        [{ format: 'png' }, null, 'PNG has no place for the gain map (high dynamic range): left out.'],
        [{ format: 'jpeg', strip: ['gainmap'] }, null, undefined],
        [{ format: 'jpeg', strip: ['profile'] }, 'Display P3', 'was left out too'],
      ] as const) {
        const told = { ...encoding, strip: [...('strip' in encoding ? encoding.strip : [])] };
        const metadata = enlargedMetadata(found.metadata, {
          part: wholeAt(2).part,
          provenance: { version: '1', method: 'bicubic', scale: 2 },
          encoding: told,
        });
        const plan = planEncoding(
          told,
          { channels: 3, depth: 8, metadata, profiled: profile !== null },
          size,
        );
        expect(plan.gainMap).toBeUndefined();
        if (word === undefined) expect(plan.notes).toEqual([]);
        else expect(plan.notes.join()).toContain(word);
      }
      const { content } = await enlarged(found, wholeAt(2), { format: 'jpeg', strip: ['gainmap'] });
      expect(content.includes('MPF\0')).toBe(false);
      expect(content.toString('latin1')).not.toMatch(/hdrgm:Version|Container:Directory|GainMap/);
      expect(content.includes('xmp:Rating="4"')).toBe(true);
    });
  });

  const exiftool = existsSync('/usr/bin/exiftool') ? '/usr/bin/exiftool' : undefined;
  it.skipIf(!exiftool)('is read by ExifTool as by us (where it is installed)', async () => {
    const { path, content } = await written(usual);
    const run = (...more: string[]): Buffer => execFileSync(exiftool!, [...more, path]);
    const said = run('-a', '-s', '-G1', '-n', '-MPF:all', '-XMP:all', '-warning', '-validate').toString();
    const attached = Number(/MPImage2\] +MPImageLength +: (\d+)/.exec(said)?.[1]);
    expect(said).toMatch(new RegExp(`MPImage2\\] +MPImageStart +: ${content.length - attached}\n`));
    expect(said).toMatch(new RegExp(`DirectoryItemLength +: ${attached}`));
    expect(said).toMatch(/DirectoryItemSemantic +: Primary, GainMap|GainMap/);
    expect(said).not.toMatch(/Warning +: \S/);
    const map = run('-b', '-MPImage2');
    expect(map).toEqual(content.subarray(content.length - attached));
    expect(await pixelsOf(map)).toMatchObject({ width: 40, height: 24 });
  });
});
