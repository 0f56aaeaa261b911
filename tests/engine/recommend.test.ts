import { describe, expect, it } from 'vitest';
import type { LastingJob } from '../../src/engine/jobs/job';
import { degraded } from '../../src/engine/jobs/recommend/degraded';
import { hiddenParts } from '../../src/engine/jobs/recommend/parts';
import { CROP_SIDE } from '../../src/engine/jobs/cropPixels';
import { RecentCrops } from '../../src/engine/jobs/recommend/recoveredCrops';
import { recommendedOf, recommendKind, type RecommendParts } from '../../src/engine/jobs/recommend/recommend';
import { conditionOf } from '../../src/engine/kernels/condition';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { throughJpeg } from '../../src/engine/codec/throughJpeg';
import { NO_GAUGES } from '../../src/engine/metrics/gauges';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { OpenPhotos } from '../../src/engine/photos/openPhotos';
import type { Photo } from '../../src/engine/photos/photo';
import type { Recommendation, RecommendOrder } from '../../src/shared/contract';
import { lastingJob } from './lastingJob';
import { methodsOn } from './methodSet';

/** Waves with sharp edges in its right half. */
function drawn(width: number, height: number): Raster {
  const found = raster(width, height, 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const edges = x > width / 2 ? 0.25 * Math.sign(Math.sin(x / 5) * Math.sin(y / 7)) : 0;
    for (let c = 0; c < 3; c++) {
      found.data[c * width * height + i] = Math.round(255 * (0.5 + 0.2 * Math.sin(x / 30 + c) + edges)) / 255;
    }
  }
  return found;
}

async function recommend(
  pixels: Raster,
  order: Partial<RecommendOrder>,
  more: Partial<RecommendParts & Pick<LastingJob, 'signal' | 'turn'>> = {},
): Promise<{ found: Recommendation; photos: OpenPhotos<Photo>; crops: RecentCrops }> {
  const photos = new OpenPhotos<Photo>();
  const crops = new RecentCrops();
  await photos.add('me', 'photo-1', photoOf(pixels, 'waves.png'));
  const kind = recommendKind({
    catalogue: await methodsOn(),
    photos,
    gauges: NO_GAUGES,
    besides: (work) => work(),
    tableFor: () => Promise.resolve(null),
    crops,
    degrade: (input) => Promise.resolve(input),
    ...more,
  });
  const asked = {
    ...{ photo: 'photo-1', scale: 2, degradation: 'bicubic', seconds: 60, device: 'cpu' },
    ...order,
  };
  const work = await kind.begin(asked as RecommendOrder, { id: 'me' }, () => Promise.resolve(''));
  return { found: await work.run(lastingJob({ ...more, id: 'j' })), photos, crops };
}
const three = [{ id: 'bicubic' }, { id: 'nearest' }, { id: 'fsrcnn' }];

describe('hide and recover', () => {
  it('ranks the methods by what they recover of the most detailed parts', async () => {
    const { found } = await recommend(drawn(700, 400), { methods: three });
    expect(found.parts.length).toBeGreaterThan(1);
    for (const { x, width, height } of found.parts.slice(0, 2)) {
      expect(x + width).toBeGreaterThan(400); // where the edges are
      expect([width, height]).toEqual([192, 192]);
    }
    const order = found.results.map(({ psnrY }) => psnrY);
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(found.results.map(({ method }) => method).sort()).toEqual(['bicubic', 'fsrcnn', 'nearest']);
    expect(found).toMatchObject({ photo: 'waves.png', scale: 2, protocol: 'y', failures: [] });
  });

  it('keeps the middle of each part, as it is, as methods saw it and as each recovered it', async () => {
    const pixels = drawn(700, 400);
    const { found, crops } = await recommend(pixels, { methods: three });
    const shown = crops.get('j', 0);
    expect(shown).toMatchObject({ parts: found.parts.length, width: CROP_SIDE, height: CROP_SIDE });
    expect(shown.pictures.map(({ method }) => method)).toEqual(['bicubic', 'nearest', 'fsrcnn']);
    const { x, y, width, height } = found.parts[0]!;
    const [left, top] = [x + (width - CROP_SIDE) / 2, y + (height - CROP_SIDE) / 2];
    const original = Buffer.from(shown.original, 'base64');
    expect(original.length).toBe(4 * CROP_SIDE ** 2);
    const at = (row: number, column: number): number =>
      Math.round(255 * pixels.data[(top + row) * pixels.width + left + column]!);
    for (const [row, column] of [
      [0, 0],
      [CROP_SIDE - 1, 7],
    ] as const)
      expect(original[4 * (row * CROP_SIDE + column)]).toBe(at(row, column));
    // Nearest is what methods saw, each pixel as large as the scale.
    const nearest = shown.pictures.find(({ method }) => method === 'nearest');
    expect(nearest?.pixels).toBe(shown.input);
    expect(() => crops.get('j', 9)).toThrow('part 9');
    expect(() => crops.get('other', 0)).toThrow('test again');
  });

  it('takes all methods that have the scale, and those alone', async () => {
    const all = await methodsOn();
    // Of those with weights the smallest: which have the scale is asked of each alike.
    const few = { all: all.all.filter(({ card }) => card.weights < 300_000), get: all.get.bind(all) };
    const parts = { catalogue: few as unknown as RecommendParts['catalogue'] };
    const { found } = await recommend(drawn(60, 50), { scale: 2.5, seconds: 1 }, parts);
    const ids = found.results.map(({ method }) => method);
    expect(ids).toEqual(expect.arrayContaining(['lanczos', 'bicubic', 'enlarger-fast']));
    expect(ids).not.toContain('fsrcnn');
  });

  it('begins no further part once its time is over', async () => {
    const { found } = await recommend(drawn(900, 900), { methods: three, seconds: 1e-6 });
    expect(found.parts).toHaveLength(1);
  });

  it('goes on without a method that fails, and names it', async () => {
    const catalogue = await methodsOn();
    const broken = {
      ...catalogue.get('nearest'),
      id: 'broken',
      enlarge: () => Promise.reject(new Error('no')),
    };
    const withBroken = {
      all: catalogue.all,
      get: (id: string) => (id === 'broken' ? broken : catalogue.get(id)),
    } as unknown as RecommendParts['catalogue'];
    const methods = [{ id: 'broken' }, { id: 'bicubic' }];
    const { found } = await recommend(drawn(80, 60), { methods }, { catalogue: withBroken });
    expect(found.results.map(({ method }) => method)).toEqual(['bicubic']);
    expect(found.failures.map(({ method }) => method)).toEqual(['broken']);
  });

  it('says how large a photo must be', async () => {
    await expect(recommend(drawn(12, 40), { scale: 8, methods: three })).rejects.toThrow(
      /at least 17 x 17 pixels to hide at x8; waves\.png has 12 x 40/,
    );
  });

  it('gives the photo back whatever happens', async () => {
    const stop = new AbortController();
    stop.abort();
    const photos = new OpenPhotos<Photo>();
    let closed = 0;
    const photo = {
      ...photoOf(drawn(80, 60), 'p'),
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    };
    await photos.add('me', 'photo-1', photo);
    const turn = () => Promise.reject(new Error('stopped'));
    await expect(
      recommend(drawn(80, 60), { methods: three }, { photos, signal: stop.signal, turn }),
    ).rejects.toThrow();
    await photos.close('me', 'photo-1');
    expect(closed).toBe(1);
  });

  it('prefers what is as good in less than half the time', () => {
    const one = (method: string, psnrY: number, seconds: number) => ({
      ...{ method, psnrY, seconds, ssimY: 1, lpips: null, consistency: 50 },
    });
    expect(recommendedOf([one('slow', 30.02, 10), one('quick', 30, 1)])).toBe('quick');
    expect(recommendedOf([one('slow', 30.2, 10), one('quick', 30, 1)])).toBe('slow');
    expect(recommendedOf([one('a', 30.02, 10), one('b', 30, 8)])).toBe('a');
  });

  it('makes an input as bad as the photo', async () => {
    const input = drawn(200, 160);
    const bad = { jpegQuality: 40, blocking: 2, noise: 8, blur: 2 };
    const made = (findings: Recommendation['condition']['findings']): Promise<Raster> =>
      degraded(input, { ...bad, findings }, 4, throughJpeg);
    expect(await made([])).toBe(input);
    expect(Math.abs(conditionOf([await made(['jpeg-blocks'])]).jpegQuality! - 40)).toBeLessThanOrEqual(2);
    expect(conditionOf([await made(['noise'])]).noise! / 8).toBeCloseTo(1, 0);
    expect(conditionOf([await made(['blurred'])]).blur).toBeGreaterThan(1.2);
  });

  it('crops for detail in a large photo reduced', async () => {
    const small = drawn(700, 400);
    const levels: number[] = [];
    const photo: Photo = {
      ...photoOf(small, 'large'),
      info: { ...photoOf(small, 'large').info, width: 2800, height: 1600 },
      levels: 4,
      read: (part, options) => {
        levels.push(options?.level ?? 0);
        return photoOf(small, 'large').read(part);
      },
    };
    const parts = await hiddenParts(photo, 2, new AbortController().signal);
    expect(levels).toEqual([2]);
    expect(parts.every(({ x, y, width, height }) => x + width <= 2800 && y + height <= 1600)).toBe(true);
    expect(parts[0]!.x + 192).toBeGreaterThan(1400);
  });
});
