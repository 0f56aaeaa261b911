import { beforeAll, describe, expect, it } from 'vitest';
import { grow, outputSize, rect, wholeOf, type Rect } from '../../src/shared/geometry';
import { borderOf } from '../../src/shared/manifest';
import { planTiles, rowsFirst } from '../../src/shared/tiles';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { ModelMethod } from '../../src/engine/methods/modelMethod';
import type { Method } from '../../src/engine/methods/method';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { lumaOf } from '../../src/engine/pixels/luma';
import { modelAt } from '../../src/engine/onnx/weightBlend';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { cutMirrored } from '../../src/engine/kernels/margin';
import { copyPart, cutOut } from '../../src/engine/kernels/window';
import { enlarge, methodsOn, onCpu } from './methodSet';

const STEP = 1 / 255;

/** Waves, edges and noise; alpha, where there is some, from nothing to opaque. */
function picture(width: number, height: number, channels: number): Raster {
  const result = raster(width, height, channels);
  let seed = 7;
  for (let i = 0; i < result.data.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const c = Math.floor(i / (width * height));
    const isAlpha = channels % 2 === 0 && c === channels - 1;
    const wave = Math.sin(x * (0.3 + c * 0.1)) * Math.cos(y * 0.23);
    const value = isAlpha ? (x + y) / (width + height) : 0.5 + 0.3 * wave + ((x >> 2) & 1 ? 0.1 : -0.1);
    result.data[i] = Math.min(1, Math.max(0, value + (seed / 2 ** 32 - 0.5) * 0.05));
  }
  return result;
}

async function inTiles(method: Method, of: Raster, scale: number, side: number): Promise<Raster> {
  const photo = photoOf(of, 'test');
  const whole = wholeOf<'output'>(outputSize(of, scale));
  const joined = raster(whole.width, whole.height, of.channels);
  for (const { core } of rowsFirst(planTiles(whole, side))) {
    const pixels = await enlarge(method, photo, scale, core);
    copyPart({ rect: core, pixels }, { rect: whole, pixels: joined }, core);
  }
  return joined;
}

const atOnce = (method: Method, of: Raster, scale: number): Promise<Raster> =>
  enlarge(method, photoOf(of, 'test'), scale, wholeOf<'output'>(outputSize(of, scale)));

function largestDifference(a: Raster, b: Raster): number {
  expect([a.width, a.height, a.channels]).toEqual([b.width, b.height, b.channels]);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}

/** Steps that a mean may be off, where more than one: what takes noise away. */
const OFF: Readonly<Record<string, number>> = { 'blind-edsr': 1.5, 'enlarger-photo': 2.5 };

/** The mean of each channel. */
function meansOf({ data, width, height, channels }: Raster): number[] {
  const count = width * height;
  return Array.from({ length: channels }, (_, c) => {
    const plane = data.subarray(c * count, (c + 1) * count);
    return plane.reduce((sum, value) => sum + value, 0) / count;
  });
}

const catalogue: Catalogue = await methodsOn();
const bundled = catalogue.all.filter(({ networks }) => networks.length > 0);
const files = bundled.filter((method) => method instanceof ModelMethod);
const isHeavy = ({ card }: Method): boolean => card.weights > 300_000;
const light = bundled.filter((method) => !isHeavy(method));

// A network that pools over the whole picture sees something else in a tile; its card says how much that changes.
const seesItsTile = ({ manifest, files: [first] }: ModelMethod): boolean =>
  manifest.kind === 'network' && first!.file.receptiveField.exact;
/** Tiles of these are compared with one run of the network itself: a heavy one need not be made at once as well. */
const comparedWithItsNetwork = files.filter(seesItsTile);
const isProvedBelow = (method: Method): boolean =>
  isHeavy(method) && comparedWithItsNetwork.some((one) => one === method);

describe('every method', () => {
  it.each(catalogue.all.filter((method) => !isProvedBelow(method)))(
    '$id gives the same pixels in tiles of any shape as at once',
    async (method) => {
      const heavy = isHeavy(method);
      const of = heavy ? picture(25, 14, 3) : picture(61, 43, 3);
      // Composed of its own scales, a heavy one would only do the same work again.
      for (const scale of heavy && Array.isArray(method.card.scales) ? [2] : [2, 3.7]) {
        const whole = await atOnce(method, of, scale);
        const side = heavy ? Math.ceil(whole.width * 0.7) : 41;
        expect(largestDifference(await inTiles(method, of, scale, side), whole)).toBeLessThan(STEP / 4);
      }
    },
  );

  it.each(catalogue.all)('$id leaves the photo itself at scale 1', async (method) => {
    const of = picture(19, 14, 3);
    expect(largestDifference(await atOnce(method, of, 1), of)).toBe(0);
  });
});

describe('networks', () => {
  it('are bundled', () => {
    expect(bundled.length).toBeGreaterThanOrEqual(3);
  });

  it.each(comparedWithItsNetwork)('$id in tiles equals one run on the whole photo', async (method) => {
    const { file, runner } = method.files[0]!;
    const scale = file.scale;
    // More than one of the runner's own tiles across; of what is heavy two small tiles, which read as far beyond them.
    const heavy = isHeavy(method);
    const of = heavy ? picture(24, 7, 3) : picture(Math.ceil(runner.tileSide * 1.6), 13, 3);
    const side = heavy ? 13 * scale : 10_000;
    const size = outputSize(of, scale);
    const network = await onnxRuntime.open(modelAt(runner.model, undefined), 'cpu'); // where strength stands
    const isLuma = method.manifest.channels === 'y';
    // Seen mirrored beyond its border, as far as the network is to look there.
    const { before, after } = borderOf(file.receptiveField);
    const seenPart = grow(wholeOf(of), Math.max(before, after));
    const mirrored = cutMirrored({ rect: wholeOf(of), pixels: isLuma ? lumaOf(of) : of }, seenPart, of);
    const made = await network.run(mirrored, outputSize(mirrored, scale));
    await network.release();
    const border = scale * Math.max(before, after);
    const direct = cutOut(
      { rect: wholeOf(made), pixels: made },
      rect(border, border, size.width, size.height),
    );
    const tiled = await inTiles(method, of, scale, side);
    expect(largestDifference(isLuma ? lumaOf(tiled) : tiled, direct)).toBeLessThan(STEP / 4);
  });

  it.each(light)('$id composes the scales that it does not have', async (method) => {
    const of = picture(9, 7, 3);
    for (const scale of [1.2, 7, 30]) {
      const made = await atOnce(method, of, scale);
      const bicubic = await atOnce(catalogue.get('bicubic'), of, scale);
      const mean =
        made.data.reduce((sum, v, i) => sum + Math.abs(v - bicubic.data[i]!), 0) / made.data.length;
      expect(mean).toBeLessThan(0.05);
      const part: Rect<'output'> = rect(3, 1, 5, 6);
      const tile = await enlarge(method, photoOf(of, 'test'), scale, part);
      const cut = raster(5, 6, 3);
      copyPart({ rect: wholeOf(made), pixels: made }, { rect: part, pixels: cut }, part);
      expect(largestDifference(tile, cut)).toBeLessThan(STEP / 4);
    }
  });

  it.each(bundled)('$id keeps grey grey, the mean of each channel, and alpha smooth', async (method) => {
    // Alpha and grey take the same way by every network: the light ones show that it has no seams.
    for (const channels of isHeavy(method) ? [2] : [1, 2, 4]) {
      const of = isHeavy(method) ? picture(9, 6, channels) : picture(24, 18, channels);
      const made = await atOnce(method, of, 2);
      expect(made.channels).toBe(channels);
      const before = meansOf(of);
      const off = Math.max(...meansOf(made).map((mean, c) => Math.abs(mean - before[c]!)));
      expect(off, 'the mean of a channel').toBeLessThan((OFF[method.id] ?? 1) * STEP);
      if (!isHeavy(method))
        expect(largestDifference(await inTiles(method, of, 2, 17), made)).toBeLessThan(STEP / 4);
      if (channels === 1) continue;
      const pixels = made.width * made.height;
      const alpha = (from: Raster): Raster => {
        const length = from.width * from.height;
        return raster(from.width, from.height, 1, from.data.slice((channels - 1) * length));
      };
      const bicubic = await atOnce(catalogue.get('bicubic'), alpha(of), 2);
      expect(alpha(made).data.length).toBe(pixels);
      expect(largestDifference(alpha(made), bicubic)).toBeLessThan(1e-6);
    }
  });

  it.each(light)('$id takes the smallest and the narrowest photo', async (method) => {
    const one = await atOnce(method, picture(1, 1, 3), 3);
    expect([one.width, one.height]).toEqual([3, 3]);
    const narrow = await enlarge(
      method,
      photoOf(picture(1, 20_000, 3), 'narrow'),
      2,
      rect(0, 39_000, 2, 1000),
    );
    expect(narrow.data.every((value) => Math.abs(value) < 4)).toBe(true);
  });

  describe('with the mean of eight orientations', () => {
    const ensemble = { ...onCpu, ensemble: true };
    let method: Method;
    beforeAll(() => (method = light[0]!));

    it('give a mirrored photo the mirrored result', async () => {
      const of = picture(33, 21, 3);
      const mirrored = raster(of.width, of.height, 3, of.data.slice());
      for (let i = 0; i < of.data.length; i++) {
        const x = i % of.width;
        mirrored.data[i - x + (of.width - 1 - x)] = of.data[i]!;
      }
      const whole = wholeOf<'output'>(outputSize(of, 3));
      const a = await enlarge(method, photoOf(of, 'a'), 3, whole, ensemble);
      const b = await enlarge(method, photoOf(mirrored, 'b'), 3, whole, ensemble);
      for (let i = 0; i < b.data.length; i++) {
        const x = i % b.width;
        expect(Math.abs(b.data[i]! - a.data[i - x + (b.width - 1 - x)]!)).toBeLessThan(STEP / 4);
      }
    });

    it('have the same pixels in tiles as at once', async () => {
      const photo = photoOf(picture(45, 31, 3), 'tiles');
      const whole = wholeOf<'output'>(outputSize(photo.info, 2));
      const all = await enlarge(method, photo, 2, whole, ensemble);
      const part = rect<'output'>(31, 7, 29, 40);
      const tile = await enlarge(method, photo, 2, part, ensemble);
      const cut = raster(part.width, part.height, 3);
      copyPart({ rect: whole, pixels: all }, { rect: part, pixels: cut }, part);
      expect(largestDifference(tile, cut)).toBeLessThan(STEP / 4);
    });
  });
});
