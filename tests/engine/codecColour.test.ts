import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeChunk } from '../../src/engine/codec/containers/pngChunks';
import { readColourSignal } from '../../src/engine/codec/metadata/colourSignal';
import { profileName } from '../../src/engine/codec/metadata/icc';
import { makeProfile as profileOf } from '../../src/engine/codec/metadata/profiles';
import { openPhoto } from '../../src/engine/codec/read/open';
import { colorantsOf, PRIMARIES } from '../../src/engine/kernels/color/primaries';
import { toBytes, toWords } from '../../src/engine/kernels/color/quantise';
import { hlgLight, pqLight, toneMapped } from '../../src/engine/kernels/color/transfer';
import type { FaultError } from '../../src/shared/faults';
import { wholeOf } from '../../src/shared/geometry';
import { builtInProfile, gradient, noise, pipelineOf, wideProfile, withProfile } from '../fixtures/pictures';
import { pictureFields, tiffOf, withSegment, type Field } from '../fixtures/tiffs';

let folder: string;
let scratchFolder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codec-colour-'));
  scratchFolder = join(folder, 'scratch');
  await mkdir(scratchFolder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function opened(name: string, content: Buffer) {
  const path = join(folder, name);
  await writeFile(path, content);
  const photo = await openPhoto(path, { scratchFolder, name });
  try {
    return { ...photo.info, metadata: photo.metadata, pixels: await photo.read(wholeOf(photo.info)) };
  } finally {
    await photo.close();
  }
}

const small = gradient({ width: 16, height: 12, channels: 3, depth: 8 });
/** A PNG with chunks behind its header. */
async function pngWith(...chunks: Buffer[]): Promise<Buffer> {
  const png = await pipelineOf(small).png().toBuffer();
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}
const words = (...values: number[]): Buffer => {
  const data = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => data.writeUInt32BE(value, 4 * i));
  return data;
};

describe('profiles made of what a container tells', () => {
  it('sRGB and Display P3 are the matrices that libvips has', async () => {
    for (const [code, name] of [
      [1, 'srgb'],
      [12, 'p3'],
    ] as const) {
      const own = profileOf(name, PRIMARIES[code]!, { kind: 'srgb' });
      const convert = async (icc: Buffer): Promise<Buffer> => {
        const png = await pipelineOf(small).png().toBuffer();
        return sharp(await withProfile(png, icc))
          .toColourspace('srgb')
          .raw()
          .toBuffer();
      };
      const [mine, theirs] = await Promise.all([convert(own), convert(await builtInProfile(name))]);
      const worst = mine.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
      expect(worst, name).toBeLessThanOrEqual(1);
    }
  });

  it('the colorants of every space add up to D50', () => {
    for (const primaries of Object.values(PRIMARIES)) {
      const [red, green, blue] = colorantsOf(primaries);
      const white = red.map((value, i) => value + green[i]! + blue[i]!);
      [0.9642, 1, 0.8249].forEach((value, i) => expect(white[i]).toBeCloseTo(value, 3));
    }
  });

  it('PQ and HLG have the light of their standards', () => {
    // ITU-R BT.2408, table 1: reference white at 58 % of PQ and 75 % of HLG is 203 cd/m2.
    expect(pqLight(0.58)).toBeCloseTo(203, -1);
    expect(hlgLight(0.75)).toBeCloseTo(203, -1);
    expect([pqLight(0), hlgLight(0)]).toEqual([0, 0]);
    expect(pqLight(1)).toBeCloseTo(10_000, 3);
    expect(hlgLight(1)).toBeCloseTo(1000, 3);
    expect([toneMapped(0), toneMapped(1000), toneMapped(10_000)]).toEqual([0, 1, 1]);
  });
});

describe('a PNG that tells its colours', () => {
  const gama = (gamma: number): Buffer => encodeChunk('gAMA', words(gamma));
  const adobe = encodeChunk('cHRM', words(31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000));

  it('by gAMA alone, by gAMA and cHRM: a profile of these, the numbers untouched', async () => {
    const linear = await opened('linear.png', await pngWith(gama(100_000)));
    expect(linear.profile).toBe('BT.709, gamma 1');
    expect(toBytes(linear.pixels)).toEqual(small.samples);
    const wide = await opened('wide.png', await pngWith(gama(45_455), adobe));
    expect(wide.profile).toBe('PNG primaries, gamma 2.2');
    // Adobe RGB's red, adapted to D50, as its own profile has it (fixtures: 0.60974, 0.31111, 0.01947).
    const at = wide.metadata.icc!.indexOf('rXYZ');
    const tag = wide.metadata.icc!.readUInt32BE(at + 4);
    [0.60974, 0.31111, 0.01947].forEach((value, i) =>
      expect(wide.metadata.icc!.readInt32BE(tag + 8 + 4 * i) / 65536).toBeCloseTo(value, 3),
    );
  });

  it('as sRGB, or not at all: no profile', async () => {
    const bt709 = encodeChunk('cHRM', words(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000));
    for (const chunks of [
      [],
      [gama(45_455), bt709],
      [gama(100_000), encodeChunk('sRGB', Buffer.from([0]))],
    ]) {
      expect((await opened('srgb.png', await pngWith(...chunks))).profile).toBeNull();
    }
  });

  it('nonsense in cHRM is not taken for a space', async () => {
    const nonsense = encodeChunk('cHRM', words(0, 0, 4e9, 0, 1, 1, 1, 1));
    expect((await opened('nonsense.png', await pngWith(gama(1), nonsense))).profile).toBeNull();
  });

  it('by cICP, which goes before iCCP: P3, and high dynamic range with a word', async () => {
    const p3 = await opened('p3.png', await pngWith(encodeChunk('cICP', Buffer.from([12, 13, 0, 1]))));
    expect(p3.profile).toBe('Display P3');
    for (const [transfer, name] of [
      [16, 'PQ'],
      [18, 'HLG'],
    ] as const) {
      const codes = encodeChunk('cICP', Buffer.from([9, transfer, 0, 1]));
      const range = await opened('range.png', await pngWith(codes));
      expect(range.profile).toBe(`BT.2020 ${name}`);
      expect(range.metadata.codes).toMatchObject({ primaries: 9, transfer });
      expect(range.notes.join()).toContain('high dynamic range');
      expect(range.metadata.icc!.includes('cicp')).toBe(true);
      expect(toBytes(range.pixels)).toEqual(small.samples);
    }
  });

  it('grey by its gamma', async () => {
    const grey = await pipelineOf(gradient({ width: 16, height: 12, channels: 1, depth: 8 }))
      .png()
      .toBuffer();
    const with1 = Buffer.concat([grey.subarray(0, 33), gama(100_000), grey.subarray(33)]);
    expect((await opened('grey.png', with1)).profile).toBe('Grey, gamma 1');
  });
});

describe('an AVIF that tells its colours by nclx', () => {
  const box = (type: string, ...content: Buffer[]): Buffer => {
    const body = Buffer.concat(content);
    return Buffer.concat([words(body.length + 8), Buffer.from(type, 'latin1'), body]);
  };
  /** The header boxes of a picture whose `colr` has such code points. */
  const headerOf = (primaries: number, transfer: number): Buffer => {
    const nclx = Buffer.from([...Buffer.from('nclx'), 0, primaries, 0, transfer, 0, 6, 0x80]);
    const properties = box('iprp', box('ipco', box('pixi', Buffer.alloc(8)), box('colr', nclx)));
    return Buffer.concat([
      box('ftyp', Buffer.from('avif\0\0\0\0avif', 'latin1')),
      box('meta', Buffer.alloc(4), box('hdlr', Buffer.alloc(24)), properties),
    ]);
  };
  const signalOf = (header: Buffer) =>
    readColourSignal((at, bytes) => Promise.resolve(header.subarray(at, at + bytes)), 'avif', false);

  it.each([
    [1, 13, null],
    [1, 1, null],
    [2, 2, null],
    [12, 13, 'Display P3'],
    [9, 13, 'BT.2020 with the curve of sRGB'],
    [9, 16, 'BT.2020 PQ'],
    [9, 18, 'BT.2020 HLG'],
  ])('primaries %d, transfer %d', async (primaries, transfer, name) => {
    const { icc, codes } = await signalOf(headerOf(primaries, transfer));
    expect(icc ? profileName(icc) : null).toBe(name);
    expect(codes !== undefined).toBe(transfer === 16 || transfer === 18);
  });

  it('that Enlarger does not know: a word', async () => {
    expect((await signalOf(headerOf(200, 13))).notes.join()).toContain('does not know');
  });

  it('cut anywhere: no more than nothing', async () => {
    const header = headerOf(9, 16);
    for (let length = 0; length < header.length; length++) await signalOf(header.subarray(0, length));
  });
});

it('CMYK of 16 bit keeps 16 bit', async () => {
  const samples = Buffer.alloc(64 * 4 * 2);
  for (let i = 0; i < 64 * 4; i++) samples.writeUInt16LE(i * 200, 2 * i);
  const fields = pictureFields(64, 1, 4).map((field): Field => {
    if (field.tag === 258) return { ...field, value: [16, 16, 16, 16] };
    if (field.tag === 262) return { ...field, value: [5] };
    return field.tag === 279 ? { ...field, value: [samples.length] } : field;
  });
  const photo = await opened('cmyk16.tif', tiffOf([fields], { pixels: samples }));
  expect(photo.depth).toBe(16);
  const between = toWords(photo.pixels).filter((value) => value % 257 !== 0);
  expect(between.length).toBeGreaterThan(100);
});

it('a profile that is padded is trimmed, one that is cut is left out with a word', async () => {
  const jpeg = await pipelineOf(small).jpeg().toBuffer();
  const segment = (icc: Buffer): Buffer =>
    withSegment(jpeg, 0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), icc]));
  const whole = wideProfile();
  const padded = await opened('padded.jpg', segment(Buffer.concat([whole, Buffer.alloc(98)])));
  expect(padded.metadata.icc).toEqual(whole);
  const cut = await opened('cut.jpg', segment(whole.subarray(0, whole.length - 40)));
  expect(cut.metadata.icc).toBeUndefined();
  expect(cut.notes).toEqual(['The colour profile is damaged and was left out.']);
});

it('a further channel of no meaning is no opacity', async () => {
  const samples = Buffer.from(noise({ width: 8, height: 4, channels: 4, depth: 8 }).samples);
  const extra = (meaning: number): Field[] => [
    ...pictureFields(8, 4, 4),
    { tag: 338, type: 'short', value: [meaning] },
  ];
  const photo = await opened('unspecified.tif', tiffOf([extra(0)], { pixels: samples }));
  expect([photo.alpha, photo.notes.length]).toEqual([false, 1]);
  expect(toBytes(photo.pixels)).toEqual(Uint8Array.from(samples.filter((_, i) => i % 4 < 3)));
  expect((await opened('opacity.tif', tiffOf([extra(2)], { pixels: samples }))).alpha).toBe(true);
});

it('of an animated PNG only the first frame is opened, with a word', async () => {
  const animated = await pngWith(encodeChunk('acTL', words(3, 0)));
  expect((await opened('animated.png', animated)).notes).toEqual([
    'The file holds 3 frames; only the first is opened.',
  ]);
});

describe('kinds that are not read are named, not called damaged', () => {
  const withField = (field: Field): Buffer =>
    tiffOf([[...pictureFields(4, 4, 3).filter(({ tag }) => tag !== field.tag), field]], {
      pixels: Buffer.alloc(48),
    });
  const frame = (marker: number, bits: number): Buffer =>
    Buffer.from([0xff, 0xd8, 0xff, marker, 0, 11, bits, 0, 8, 0, 8, 1, 1, 0x11, 0]);
  it.each([
    ['zstd.tif', () => withField({ tag: 259, type: 'short', value: [50_000] }), 'Zstandard compression'],
    ['lzma.tif', () => withField({ tag: 259, type: 'short', value: [34_925] }), 'LZMA compression'],
    ['j2k.tif', () => withField({ tag: 259, type: 'short', value: [33_005] }), 'JPEG 2000 compression'],
    ['f64.tif', () => withField({ tag: 339, type: 'short', value: [3, 3, 3] }), 'float samples'],
    ['lab.tif', () => withField({ tag: 262, type: 'short', value: [8] }), 'colour space Lab'],
    ['t12.tif', () => withField({ tag: 258, type: 'short', value: [12, 12, 12] }), '12 bits a sample'],
    ['thumbnail.tif', () => withField({ tag: 50_706, type: 'byte', value: [1, 4, 0, 0] }), 'camera raw'],
    ['mosaic.gpr', () => withField({ tag: 262, type: 'short', value: [34_892] }), 'camera raw'],
    ['j12.jpg', () => frame(0xc1, 12), 'JPEG with 12 bits'],
    ['ls.jpg', () => frame(0xf7, 8), 'JPEG-LS'],
    ['lossless.jpg', () => frame(0xc3, 8), 'lossless JPEG'],
    ['moving.avif', () => Buffer.from('\0\0\0\x18ftypavis\0\0\0\0avisavif', 'latin1'), 'an AVIF sequence'],
  ] as const)('%s', async (name, content, words) => {
    const fault = await opened(name, content()).then(
      () => undefined,
      (error: unknown) => (error as FaultError).fault,
    );
    expect(fault).toMatchObject({ code: 'unsupported-format', file: name });
    expect(fault?.message).toContain(words);
    // LibRaw's errors do not tell a damaged file from one of a camera that it does not know.
    if (words !== 'camera raw') expect(fault?.message).not.toContain('damaged');
  });
});

const faults = resolve('../shared/faults');
describe.skipIf(!existsSync(faults))('files of the fault collection (where it is there)', () => {
  it.each([
    ['av_p3.avif', 'Display P3'],
    ['av_pq.avif', 'BT.2020 PQ'],
    ['cicp_pq.png', 'BT.2020 PQ'],
    ['gama1.png', 'BT.709, gamma 1'],
  ])('%s is %s', async (name, profile) => {
    const photo = await openPhoto(join(faults, name), { scratchFolder });
    await photo.close();
    expect(photo.info.profile).toBe(profile);
  });
});
