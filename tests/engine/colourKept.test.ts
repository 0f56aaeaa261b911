import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { openPhoto, type FilePhoto } from '../../src/engine/codec/read/open';
import { createScratch } from '../../src/engine/codec/scratch/scratch';
import { encodePhoto } from '../../src/engine/codec/write/encode';
import { toBytes } from '../../src/engine/kernels/color/quantise';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { outputSize, wholeOf } from '../../src/shared/geometry';
import { ownFolder } from '../fixtures/ownFolder';
import { builtInProfile, greyProfile, wideProfile, withProfile } from '../fixtures/pictures';
import { pictureFields, tiffOf, type Field } from '../fixtures/tiffs';
import { enlarge, methodsOn } from './methodSet';

/**
 * Colours stay what they are in a file, whatever its profile: the mean of each channel, and patches that are flat. That
 * they do by every method is held by methods.test.ts (means) and flat.test.ts (patches).
 */
const WIDTH = 32;
const HEIGHT = 16;
/** Colours of two patches, in steps of 8 bits, with a soft ramp between them. */
const PATCHES = [
  [200, 150, 110],
  [60, 90, 140],
] as const;
const PATCH = 12;

/** Interleaved samples of the patches and the ramp; `ends`: a patch's samples. */
function samplesOf(ends: readonly (readonly number[])[]): Uint8Array {
  const channels = ends[0]!.length;
  const samples = new Uint8Array(WIDTH * HEIGHT * channels);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const share = Math.min(1, Math.max(0, (x - PATCH) / (WIDTH - 2 * PATCH)));
      const soft = share * share * (3 - 2 * share);
      for (let c = 0; c < channels; c++) {
        const value = ends[0]![c]! * (1 - soft) + ends[1]![c]! * soft;
        samples[(y * WIDTH + x) * channels + c] = Math.round(value);
      }
    }
  }
  return samples;
}

/** Means of each channel of the whole, and of the middle of each patch. */
function colours(bytes: Uint8Array, width: number, height: number, channels: number): number[] {
  const side = (width * PATCH) / WIDTH;
  const mean = (left: number, right: number, c: number): number => {
    let sum = 0;
    for (let y = 0; y < height; y++)
      for (let x = left; x < right; x++) sum += bytes[(y * width + x) * channels + c]!;
    return sum / (height * (right - left));
  };
  const quarter = Math.round(side / 4);
  return Array.from({ length: channels }, (_, c) => [
    mean(0, width, c),
    mean(quarter, 2 * quarter, c),
    mean(width - 2 * quarter, width - quarter, c),
  ]).flat();
}

const farthest = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.map((value, i) => Math.abs(value - other[i]!)));

let methods: Catalogue;
let folder: string;
beforeAll(async () => {
  methods = await methodsOn();
  folder = await ownFolder('colour-kept');
  await mkdir(join(folder, 'scratch'));
});

/** The enlargement of an open photo as a file. */
async function enlarged(photo: FilePhoto, id: string, format: 'png' | 'jpeg'): Promise<string> {
  const size = outputSize(photo.info, 2);
  const made = await enlarge(methods.get(id), photo, 2, wholeOf(size));
  const scratch = await createScratch(size, made.channels, 8, join(folder, 'scratch'));
  await scratch.write(wholeOf(size), toBytes(made));
  const path = join(folder, `result.${format}`);
  await encodePhoto(scratch, photo.metadata, { format, quality: 95 }, path, { overwrite: true });
  await scratch.close();
  return path;
}

/** As a screen of sRGB shows a file, by its profile. */
async function seen(path: string): Promise<number[]> {
  const { data, info } = await sharp(path).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return colours(data, info.width, info.height, info.channels);
}

async function pngWith(ends: readonly (readonly number[])[], icc: Buffer): Promise<Buffer> {
  const channels = ends[0]!.length as 1 | 3;
  const png = await sharp(samplesOf(ends), { raw: { width: WIDTH, height: HEIGHT, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
  return withProfile(png, icc);
}

/** Without a profile, as scanners write it: what libvips takes for it then. */
function cmykTiff(): Buffer {
  const fields = pictureFields(WIDTH, HEIGHT, 4).map((field): Field =>
    field.tag === 262 ? { ...field, value: [5] } : field,
  );
  const inks = [
    [40, 80, 120, 20],
    [180, 90, 30, 10],
  ];
  return tiffOf([fields], { pixels: Buffer.from(samplesOf(inks)) });
}

it.each([
  ['P3', async () => pngWith(PATCHES, await builtInProfile('p3'))],
  ['a wide gamut like Adobe RGB', () => pngWith(PATCHES, wideProfile())],
  ['grey', () => pngWith([[200], [60]], greyProfile())],
  ['CMYK', () => Promise.resolve(cmykTiff())],
] as const)('in a file with a profile of %s, as it is seen', async (name, bytes) => {
  const path = join(folder, name === 'CMYK' ? 'photo.tif' : 'photo.png');
  await writeFile(path, await bytes());
  const photo = await openPhoto(path, { scratchFolder: join(folder, 'scratch') });
  const before = await seen(path);
  for (const [id, format] of [
    ['bicubic', 'png'],
    ['enlarger-fast', 'jpeg'],
  ] as const) {
    expect(
      farthest(await seen(await enlarged(photo, id, format)), before),
      `${id} in ${format}`,
    ).toBeLessThanOrEqual(1);
  }
  await photo.close();
});
