import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSegments } from '../../src/engine/codec/containers/jpegSegments';
import { encodeChunk, encodeText } from '../../src/engine/codec/containers/pngChunks';
import { enlargedMetadata } from '../../src/engine/codec/metadata/enlarged';
import { changedExif, exifDensity, uprightExif } from '../../src/engine/codec/metadata/exif';
import type { PhotoMetadata } from '../../src/engine/codec/metadata/metadata';
import { decodeResources, encodeResources } from '../../src/engine/codec/metadata/photoshop';
import { changedXmp, withProvenance } from '../../src/engine/codec/metadata/xmp';
import { withoutAttachments } from '../../src/engine/codec/metadata/xmpAttachments';
import { openPhoto } from '../../src/engine/codec/read/open';
import { createScratch } from '../../src/engine/codec/scratch/scratch';
import { encodePhoto } from '../../src/engine/codec/write/encode';
import { METADATA_PARTS, type Encoding, type KeptPart } from '../../src/shared/contract';
import { rect, wholeOf } from '../../src/shared/geometry';
import { builtInProfile, gradient, pipelineOf } from '../fixtures/pictures';
import { exifSegment, pictureFields, tiffOf, withSegment, type Field } from '../fixtures/tiffs';

let folder: string;
let scratchFolder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codec-metadata-'));
  scratchFolder = join(folder, 'scratch');
  await mkdir(scratchFolder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const picture = gradient({ width: 24, height: 16, channels: 3, depth: 8 });
const jpeg = (): Promise<Buffer> => pipelineOf(picture).jpeg().toBuffer();

async function opened(name: string, content: Buffer) {
  const path = join(folder, name);
  await writeFile(path, content);
  const photo = await openPhoto(path, { scratchFolder });
  await photo.read(wholeOf(photo.info));
  await photo.close();
  return photo;
}

/** A photo's metadata after enlarging twice, written with pixels into a file, and what that file carries. */
async function enlarged(
  metadata: PhotoMetadata,
  encoding: Encoding,
  { source, ...more }: { scale?: number; source?: string } = {},
) {
  const size = { width: 48, height: 32 };
  const scratch = await createScratch(size, 3, 8, scratchFolder);
  const path = join(folder, `enlarged.${encoding.format}`);
  const provenance = { version: '1.2.3', method: 'bicubic', scale: 2, ...more };
  const told = enlargedMetadata(metadata, { part: rect(0, 0, 48, 32), provenance, encoding });
  const { notes } = await encodePhoto(scratch, told, encoding, path, {
    overwrite: true,
    ...(source !== undefined && { source }),
  });
  await scratch.close();
  const photo = await openPhoto(path, { scratchFolder });
  await photo.close();
  return { path, notes, metadata: photo.metadata, info: photo.info };
}

const FORMATS = ['jpeg', 'png', 'webp', 'tiff'] as const;

const exifFields: Field[] = [
  { tag: 271, type: 'ascii', value: 'Camera' },
  { tag: 274, type: 'long', value: [6] },
  { tag: 282, type: 'rational', value: [240, 1] },
  { tag: 283, type: 'rational', value: [240, 1] },
  { tag: 296, type: 'short', value: [2] },
  { tag: 18246, type: 'short', value: [4] },
  { tag: 40094, type: 'byte', value: Buffer.from('one;two\0', 'utf16le') },
  {
    tag: 34665,
    type: 'ifd',
    value: [
      { tag: 36867, type: 'ascii', value: '2020:01:02 03:04:05' },
      { tag: 40962, type: 'short', value: [24] },
      { tag: 40963, type: 'short', value: [16] },
    ],
  },
  { tag: 34853, type: 'ifd', value: [{ tag: 2, type: 'rational', value: [48, 1, 8, 1, 1234, 100] }] },
];
const exifBlock = (bigEndian: boolean): Buffer =>
  Buffer.concat([Buffer.from('Exif\0\0'), tiffOf([exifFields], { bigEndian })]);

describe('segments of a JPEG', () => {
  it.each([0, 1])('a length of %d, which does not even count itself, ends them', async (length) => {
    const whole = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xe1, 0, length, 3, 4]);
    const { segments, scanAt } = await readSegments((at, bytes) =>
      Promise.resolve(whole.subarray(at, at + Buffer.alloc(bytes).length)),
    );
    expect(segments.map(({ marker }) => marker)).toEqual([0xe0]);
    expect(scanAt).toBe(8);
  });
});

describe('EXIF', () => {
  it.each([false, true])('is upright in any type of its orientation (big-endian: %s)', async (bigEndian) => {
    const photo = await opened(
      'turned.jpg',
      withSegment(await jpeg(), 0xe1, exifSegment(tiffOf([exifFields], { bigEndian }))),
    );
    expect(photo.info).toMatchObject({ width: 16, height: 24, density: 240 });
    const upright = photo.metadata.exif!;
    expect(upright.length).toBe(exifBlock(bigEndian).length);
    const again = await opened('upright.jpg', withSegment(await jpeg(), 0xe1, upright));
    expect(again.info).toMatchObject({ width: 24, height: 16 });
  });

  it('has the sizes and the density of the enlargement, without moving anything', () => {
    for (const bigEndian of [false, true]) {
      const before = uprightExif(exifBlock(bigEndian));
      const after = changedExif(before, {
        size: { width: 70_000, height: 32 },
        density: { x: 300, y: 300 },
      });
      expect(after.length).toBe(before.length);
      expect(exifDensity(after)).toEqual({ x: 300, y: 300 });
      const size = Buffer.alloc(4);
      if (bigEndian) size.writeUInt32BE(70_000);
      else size.writeUInt32LE(70_000);
      expect(after.includes(size)).toBe(true);
    }
  });

  it('loses where it was taken to the last byte', () => {
    const before = uprightExif(exifBlock(false));
    const seconds = Buffer.from([0xd2, 0x04, 0, 0, 100, 0, 0, 0]);
    expect(before.includes(seconds)).toBe(true);
    const after = changedExif(before, { withoutGps: true });
    expect(after.includes(seconds)).toBe(false);
    expect(after.includes('Camera')).toBe(true);
  });

  it('cut anywhere: ends, and throws nothing', () => {
    const block = exifBlock(true);
    for (let length = 6; length < block.length; length++) {
      const cut = block.subarray(0, length);
      const changed = changedExif(uprightExif(cut), { size: picture, withoutGps: true });
      expect(changed.length).toBe(length);
      exifDensity(cut);
    }
  });
});

describe('what every container keeps', () => {
  const metadata = (): PhotoMetadata => ({
    density: 240,
    exif: uprightExif(exifBlock(false)),
    xmp: Buffer.from(
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description kept="yes"/></rdf:RDF></x:xmpmeta>',
    ),
    iptc: Buffer.from([0x1c, 2, 25, 0, 2, 0x6b, 0x77]),
  });

  it.each(FORMATS)('%s: camera, rating, Windows tags, XMP; IPTC or a word', async (format) => {
    const { metadata: kept, notes } = await enlarged(metadata(), { format });
    for (const part of ['Camera', '2020:01:02 03:04:05', Buffer.from('one;two', 'utf16le')]) {
      expect(kept.exif?.includes(part), String(part)).toBe(true);
    }
    expect(kept.exif?.includes(Buffer.from([0x46, 0x47, 3, 0, 1, 0, 0, 0, 4, 0]))).toBe(true);
    expect(kept.xmp?.toString()).toContain('kept="yes"');
    expect(kept.xmp?.toString()).toContain('enlarger:Method="bicubic" enlarger:Scale="2"');
    if (format === 'webp') expect(notes.join()).toContain('no place for IPTC');
    else expect(kept.iptc).toEqual(metadata().iptc);
  });

  it.each(FORMATS)('%s: nothing is invented where there is nothing', async (format) => {
    const { metadata: kept, info } = await enlarged({ density: null }, { format, provenance: false });
    const { exif, xmp, iptc, photoshop, texts, icc, density } = kept;
    expect([exif, xmp, iptc, photoshop, texts, icc, density]).toEqual([
      ...[undefined, undefined, undefined, undefined, undefined, undefined],
      null,
    ]);
    expect(info.density).toBeNull();
  });

  it('--strip all leaves the profile alone, --strip gps the place', async () => {
    const all = await enlarged(metadata(), { format: 'jpeg', strip: [...METADATA_PARTS] });
    expect([all.metadata.exif, all.metadata.xmp, all.metadata.iptc]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const gps = await enlarged(metadata(), { format: 'tiff', strip: ['gps'] });
    expect(gps.metadata.exif?.includes('Camera')).toBe(true);
    expect(gps.metadata.exif?.includes(Buffer.from([0xd2, 0x04, 0, 0, 100, 0, 0, 0]))).toBe(false);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)(
    'of a %s each part can be left out alone',
    async (format) => {
      const icc = await builtInProfile('p3');
      const xmp = Buffer.from(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description tiff:XResolution="240/1"/></rdf:RDF></x:xmpmeta>',
      );
      const without = async (part: KeptPart) =>
        (await enlarged({ ...metadata(), icc, xmp }, { format, strip: [part] })).metadata;
      const exif = await without('exif');
      expect([exif.exif, exif.xmp?.includes('enlarger:Version'), exif.icc]).toEqual([undefined, true, icc]);
      const plain = await without('xmp');
      expect([plain.xmp, plain.iptc, plain.exif?.includes('Camera')]).toEqual([undefined, undefined, true]);
      const density = await without('density');
      expect([density.density, exifDensity(density.exif!)]).toEqual([null, undefined]);
      expect(density.xmp?.includes('tiff:XResolution')).toBe(false);
      const profile = await without('profile');
      expect([profile.icc, profile.exif?.includes('Camera')]).toEqual([undefined, true]);
    },
  );

  it('--keep-date gives the photo its time', async () => {
    const source = join(folder, 'dated.jpg');
    await writeFile(source, await jpeg());
    await utimes(source, 1e9, 1e9);
    const { path } = await enlarged(metadata(), { format: 'png', keepDate: true }, { source });
    expect((await stat(path)).mtimeMs).toBe(1e12);
  });
});

describe('density', () => {
  it('without a unit stays without, pixels that are not square keep their ratio, in every format', async () => {
    const physical = (x: number, y: number, unit: number): Buffer => {
      const data = Buffer.alloc(9);
      data.writeUInt32BE(x, 0);
      data.writeUInt32BE(y, 4);
      data[8] = unit;
      return encodeChunk('pHYs', data);
    };
    const png = await pipelineOf(picture).png().toBuffer();
    const shape = await pngDensity(png, physical(2, 1, 0));
    const both = await pngDensity(png, physical(8031, 3858, 1));
    expect(shape.metadata).toMatchObject({ density: null, aspect: 0.5 });
    expect(both.info.density).toBeCloseTo(204, 0);
    for (const format of ['jpeg', 'png', 'tiff'] as const) {
      const unitless = (await enlarged(shape.metadata, { format })).metadata;
      expect([unitless.density, unitless.aspect]).toEqual([null, expect.closeTo(0.5, 2)]);
      const anisotropic = (await enlarged(both.metadata, { format })).metadata;
      expect(anisotropic.density).toBeCloseTo(204, 0);
      expect(anisotropic.aspect).toBeCloseTo(98 / 204, 2);
    }
  });

  /** A PNG's density chunk replaced. */
  async function pngDensity(png: Buffer, chunk: Buffer) {
    const own = png.indexOf('pHYs') - 4;
    const without = own > 0 ? Buffer.concat([png.subarray(0, own), png.subarray(own + 21)]) : png;
    return opened('density.png', Buffer.concat([without.subarray(0, 33), chunk, without.subarray(33)]));
  }

  it('of a TIFF without unit is none', async () => {
    const fields = (unit: number): Field[] => [
      ...pictureFields(4, 4, 3),
      { tag: 282, type: 'rational', value: [300, 1] },
      { tag: 283, type: 'rational', value: [300, 1] },
      { tag: 296, type: 'short', value: [unit] },
    ];
    const density = async (unit: number): Promise<number | null> =>
      (await opened('density.tif', tiffOf([fields(unit)], { pixels: Buffer.alloc(48) }))).info.density;
    expect([await density(1), await density(2), await density(3)]).toEqual([null, 300, 762]);
  });
});

it('a density that no file can mean is none', async () => {
  const fields: Field[] = [
    ...pictureFields(4, 4, 3),
    { tag: 282, type: 'rational', value: [0xffffffff, 1] },
    { tag: 283, type: 'rational', value: [300, 0] },
    { tag: 296, type: 'short', value: [2] },
  ];
  const { metadata } = await opened('absurd.tif', tiffOf([fields], { pixels: Buffer.alloc(48) }));
  expect([metadata.density, metadata.aspect]).toEqual([null, undefined]);
  expect((await enlarged(metadata, { format: 'tiff' })).info.density).toBeNull();
});

it('one pixel a millimetre, which libvips writes where nobody told a density, is none', async () => {
  const { info } = await opened('untold.png', await pipelineOf(picture).png().toBuffer());
  expect(info.density).toBeNull();
});

describe('Photoshop resources', () => {
  it('have the density of the file, and no thumbnail of what it was', () => {
    const resources = encodeResources([
      { id: 0x03ed, name: Buffer.alloc(2), data: Buffer.alloc(16) },
      { id: 0x040c, name: Buffer.alloc(2), data: Buffer.alloc(101) },
      { id: 0x0406, name: Buffer.alloc(2), data: Buffer.from([1, 2, 3]) },
    ]);
    const { photoshop } = enlargedMetadata(
      { density: null, photoshop: resources },
      {
        part: rect(0, 0, 8, 8),
        provenance: { version: '1', method: 'm', scale: 2 },
        encoding: { density: 300 },
      },
    );
    const after = decodeResources(photoshop!);
    expect(after.map(({ id }) => id)).toEqual([0x03ed, 0x0406]);
    expect(after[0]!.data.readUInt32BE(0) / 65536).toBe(300);
    expect(after[1]!.data).toEqual(Buffer.from([1, 2, 3]));
  });

  it('cut anywhere: those that are whole', () => {
    const block = encodeResources([{ id: 1, name: Buffer.alloc(2), data: Buffer.alloc(9) }]);
    for (let length = 0; length < block.length; length++) decodeResources(block.subarray(0, length));
    expect(decodeResources(block)).toHaveLength(1);
  });
});

describe('XMP', () => {
  const change = {
    size: { width: 40, height: 20 },
    left: 20,
    top: 16,
    scale: 2,
    withoutGps: true,
    withoutDensity: false,
  };

  it('tells the sizes, the frame of a panorama, and no place', () => {
    const text = changedXmp(
      Buffer.from(
        `<r tiff:ImageWidth="64" exif:PixelXDimension='64' GPano:FullPanoWidthPixels="64" exif:GPSLatitude="48,8N">
         <GPano:CroppedAreaLeftPixels>3</GPano:CroppedAreaLeftPixels></r>`,
      ),
      change,
    ).toString();
    expect(text).toContain(`tiff:ImageWidth="40" exif:PixelXDimension='40' GPano:FullPanoWidthPixels="128"`);
    expect(text).toContain('<GPano:CroppedAreaLeftPixels>26<');
    expect(text).not.toContain('GPSLatitude');
  });

  it('points to nothing that is not there', () => {
    const { xmp, lost } = withoutAttachments(
      Buffer.from(
        `<rdf:Description hdrgm:Version="1.0" xmp:Rating="4"><Container:Directory><rdf:Seq><rdf:li><Container:Item
         Item:Semantic="GainMap" Item:Length="804"/></rdf:li></rdf:Seq></Container:Directory></rdf:Description>`,
      ),
    );
    expect(xmp.toString()).toBe('<rdf:Description xmp:Rating="4"></rdf:Description>');
    expect(lost).toContain('gain map for high dynamic range');
  });

  it('of a stranger with elements that never close ends soon', () => {
    const hostile = Buffer.from('<hdrgm:a>'.repeat(200_000));
    const started = performance.now();
    withoutAttachments(hostile);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('says once what made the picture, whatever is in the name', () => {
    const provenance = { version: '1', method: 'a"<b', scale: 2.5 };
    const twice = withProvenance(withProvenance(undefined, provenance), provenance).toString();
    expect(twice.match(/enlarger:Method="a&#34;&#60;b"/g)).toHaveLength(1);
  });

  it('longer than a JPEG segment is kept as extended XMP', async () => {
    const long = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description long="${'x'.repeat(150_000)}"/></rdf:RDF></x:xmpmeta>`;
    const { metadata } = await enlarged({ density: null, xmp: Buffer.from(long) }, { format: 'jpeg' });
    expect(metadata.xmp?.toString()).toContain('x'.repeat(150_000));
    expect(metadata.xmp?.toString()).toContain('enlarger:Scale="2"');
  });
});

it('texts of a PNG and the comment of a JPEG are kept where there is a place, else a word', async () => {
  const png = await pipelineOf(picture).png().toBuffer();
  const texts = [
    { keyword: 'Title', text: 'Grüße 漢' },
    { keyword: 'Comment', text: 'hello' },
  ];
  const photo = await opened(
    'texts.png',
    Buffer.concat([png.subarray(0, 33), ...texts.map(encodeText), png.subarray(33)]),
  );
  expect(photo.metadata.texts).toEqual(texts);
  expect((await enlarged(photo.metadata, { format: 'png' })).metadata.texts).toEqual(texts);
  const inJpeg = await enlarged(photo.metadata, { format: 'jpeg' });
  expect(inJpeg.metadata.texts).toEqual([texts[1]]);
  expect(inJpeg.notes).toEqual(['The text "Title" has no place in a JPEG and was left out.']);
});

it('a code of high dynamic range is told again by a PNG', async () => {
  const codes = { primaries: 9, transfer: 16, matrix: 0, fullRange: true };
  const { metadata, info } = await enlarged({ density: null, codes }, { format: 'png' });
  expect([metadata.codes, info.profile]).toEqual([codes, 'BT.2020 PQ']);
});

const exiftool = existsSync('/usr/bin/exiftool') ? '/usr/bin/exiftool' : undefined;
it.skipIf(!exiftool)('ExifTool reads what every container keeps (where it is installed)', async () => {
  const metadata: PhotoMetadata = {
    density: 300,
    exif: uprightExif(exifBlock(true)),
    iptc: Buffer.from([0x1c, 2, 25, 0, 2, 0x6b, 0x77]),
  };
  for (const format of FORMATS) {
    const { path } = await enlarged(metadata, { format });
    const said = execFileSync(
      exiftool!,
      ['-a', '-s', '-G1', '-warning', '-Make', '-Rating', '-Keywords', '-XMP:all', path],
      { encoding: 'utf8' },
    );
    expect(said, format).toMatch(/Make +: Camera/);
    expect(said, format).toMatch(/Rating +: 4/);
    expect(said, format).toMatch(/XMP-enlarger\] +Method +: bicubic/);
    if (format !== 'webp') expect(said, format).toMatch(/Keywords +: kw/);
  }
});
