import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPhoto } from '../../src/engine/codec/read/open';
import { raster } from '../../src/engine/kernels/raster';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { asGrey, inColours } from '../../src/engine/photos/neutral';
import { rect, wholeOf } from '../../src/shared/geometry';
import { noise, pipelineOf, writePng, type Picture } from '../fixtures/pictures';
import { enlarge, methodsOn } from './methodSet';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neutral-'));
  await mkdir(join(folder, 'scratch'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Grey noise stored as colours; `colour`: where one pixel is not grey. */
function stored(depth: 8 | 16, channels: 3 | 4, colour?: number): Picture {
  const grey = noise({ width: 40, height: 30, channels: 1, depth });
  const samples = depth === 16 ? new Uint16Array(1200 * channels) : new Uint8Array(1200 * channels);
  for (let i = 0; i < 1200; i++) samples.fill(grey.samples[i]!, i * channels, (i + 1) * channels);
  if (colour !== undefined) samples[colour * channels]! ^= 1;
  return { width: 40, height: 30, channels, depth, samples };
}

async function isNeutral(picture: Picture): Promise<boolean> {
  const path = await writePng(join(folder, 'photo.png'), picture);
  const photo = await openPhoto(path, { scratchFolder: join(folder, 'scratch') });
  try {
    return await photo.neutral();
  } finally {
    await photo.close();
  }
}

describe('a photo stored in colour without any', () => {
  it('is known by every pixel', async () => {
    for (const depth of [8, 16] as const) {
      for (const channels of [3, 4] as const) {
        expect(await isNeutral(stored(depth, channels))).toBe(true);
        for (const pixel of [0, 700, 1199])
          expect(await isNeutral(stored(depth, channels, pixel))).toBe(false);
      }
    }
    // Grey as such needs no such care.
    expect(await isNeutral(noise({ width: 9, height: 9, channels: 1, depth: 8 }))).toBe(false);
  });

  it('of a JPEG of grey as colours, too', async () => {
    const path = join(folder, 'grey.jpg');
    await pipelineOf(stored(8, 3)).jpeg({ quality: 80 }).toFile(path);
    const photo = await openPhoto(path, { scratchFolder: join(folder, 'scratch') });
    expect(await photo.neutral()).toBe(true);
    await photo.close();
  });

  it('is read as grey, always the same one', async () => {
    const of = raster(
      3,
      2,
      4,
      Float32Array.from({ length: 24 }, (_, i) => (i < 18 ? i % 6 : i) / 24),
    );
    const photo = photoOf(of, 'test');
    expect(asGrey(photo)).toBe(asGrey(photo));
    const read = await asGrey(photo).read(wholeOf(of));
    expect([read.channels, asGrey(photo).channels]).toEqual([2, 2]);
    expect(read.data).toEqual(Float32Array.from([...of.data.subarray(0, 6), ...of.data.subarray(18)]));
  });

  it('comes back as colours', () => {
    expect(inColours(Uint8Array.of(1, 2), 3)).toEqual(Uint8Array.of(1, 1, 1, 2, 2, 2));
    expect(inColours(Uint16Array.of(1, 9, 2, 8), 4)).toEqual(Uint16Array.of(1, 1, 1, 9, 2, 2, 2, 8));
  });
});

const catalogue = await methodsOn();
const light = catalogue.all.filter(({ card }) => card.weights < 200_000);
it.each(light)('$id makes one channel of it', async (method) => {
  const of = raster(24, 20, 3);
  for (let i = 0; i < 480; i++) {
    const value = 0.5 + 0.4 * Math.sin(i * 0.7) * Math.cos(i / 37);
    for (let c = 0; c < 3; c++) of.data[c * 480 + i] = value;
  }
  const part = rect<'output'>(0, 0, 48, 40);
  const made = await enlarge(method, asGrey(photoOf(of, 'grey')), 2, part);
  expect(made.channels).toBe(1);
  expect(made.data.every(Number.isFinite)).toBe(true);
});
