import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { displayTable } from '../../src/engine/codec/read/display';
import { openPhoto, type FilePhoto } from '../../src/engine/codec/read/open';
import { applyTable } from '../../src/engine/kernels/color/lut';
import { raster } from '../../src/engine/kernels/raster';
import {
  builtInProfile,
  greyProfile,
  noise,
  pipelineOf,
  wideProfile,
  withProfile,
} from '../fixtures/pictures';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codec-display-'));
  await mkdir(join(folder, 'scratch'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function photoWith(icc: Buffer | undefined, channels: 1 | 3 = 3): Promise<FilePhoto> {
  const png = await pipelineOf(noise({ width: 8, height: 8, channels, depth: 8 }))
    .png()
    .toBuffer();
  const path = join(folder, 'photo.png');
  await writeFile(path, icc ? await withProfile(png, icc) : png);
  return openPhoto(path, { scratchFolder: join(folder, 'scratch') });
}

type Matrix = readonly (readonly [number, number, number])[];
const encodeSrgb = (x: number): number => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
const decodeSrgb = (x: number): number => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
const times = (matrix: Matrix, v: readonly number[]): number[] =>
  matrix.map((row) => row[0] * v[0]! + row[1] * v[1]! + row[2] * v[2]!);

/** Linear sRGB to linear Display P3: CSS Color 4, section 10.7, both matrices multiplied. */
const SRGB_TO_P3: Matrix = [
  [0.8224619687, 0.1775380313, 0],
  [0.0331941989, 0.9668058011, 0],
  [0.0170826307, 0.0723974407, 0.9105199286],
];

const COLOURS = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [1, 1, 1],
  [0.5, 0.5, 0.5],
  [0.8, 0.4, 0.2],
  [0.13, 0.71, 0.55],
];

async function through(photo: FilePhoto, space: 'srgb' | 'display-p3'): Promise<number[][]> {
  const table = await displayTable(photo, space);
  return COLOURS.map((colour) => {
    const pixel = raster(1, 1, 3, Float32Array.from(colour));
    if (table) applyTable(pixel, table);
    return [...pixel.data];
  });
}

it('there is nothing to do for sRGB on sRGB, P3 on P3 and no profile on sRGB', async () => {
  for (const [icc, space] of [
    [await builtInProfile('srgb'), 'srgb'],
    [await builtInProfile('p3'), 'display-p3'],
    [undefined, 'srgb'],
  ] as const) {
    const photo = await photoWith(icc);
    expect(await displayTable(photo, space)).toBeNull();
    await photo.close();
  }
});

it('sRGB, named or not, is shown on Display P3 as CSS Color 4 computes it', async () => {
  for (const icc of [undefined, await builtInProfile('srgb')]) {
    const photo = await photoWith(icc);
    const shown = await through(photo, 'display-p3');
    COLOURS.forEach((colour, i) => {
      // The profiles round their primaries, which shows in dark channels: up to 0.0053 in pure red's blue.
      const expected = times(SRGB_TO_P3, colour.map(decodeSrgb)).map(encodeSrgb);
      expected.forEach((value, c) =>
        expect(Math.abs(shown[i]![c]! - value), colour.join()).toBeLessThan(0.006),
      );
    });
    expect(await displayTable(photo, 'display-p3')).toBe(await displayTable(photo, 'display-p3'));
    await photo.close();
  }
});

it('a wide photo on sRGB: greys get the other curve, colours grow, what does not fit is clipped', async () => {
  const photo = await photoWith(wideProfile());
  const shown = await through(photo, 'srgb');
  await photo.close();
  const grey = encodeSrgb(0.5 ** (563 / 256));
  for (const value of shown[4]!) expect(Math.abs(value - grey)).toBeLessThan(0.004);
  expect(shown[1]![0]).toBe(0);
  expect(shown[5]![0]).toBeGreaterThan(0.83);
});

it('a grey photo with a profile gets its curve on all three', async () => {
  const photo = await photoWith(greyProfile(), 1);
  const shown = await through(photo, 'srgb');
  await photo.close();
  const grey = encodeSrgb(0.5 ** 1.4);
  for (const value of shown[4]!) expect(Math.abs(value - grey)).toBeLessThan(0.004);
  const plain = await photoWith(undefined, 1);
  expect(await displayTable(plain, 'display-p3')).toBeNull();
  await plain.close();
});
