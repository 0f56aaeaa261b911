import { describe, expect, it } from 'vitest';
import { outputSize, rect, wholeOf } from '../../src/shared/geometry';
import { premultiply } from '../../src/engine/kernels/color/alpha';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { resample } from '../../src/engine/kernels/resample/resample';
import { cutOut } from '../../src/engine/kernels/window';
import { enlarge, methodsOn, onCpu } from './methodSet';

const WIDTH = 83;
const HEIGHT = 71;
const consistent = { ...onCpu, consistent: true };

/** Waves under an edge; alpha, where there is some, rises across the picture. */
function picture(channels: number): Raster {
  const made = raster(WIDTH, HEIGHT, channels);
  for (let i = 0; i < made.data.length; i++) {
    const x = i % WIDTH;
    const y = Math.floor(i / WIDTH) % HEIGHT;
    const isAlpha = channels === 4 && i >= 3 * WIDTH * HEIGHT;
    made.data[i] = isAlpha ? x / WIDTH : 0.5 + 0.3 * Math.sin(x / 3 + y / 7) + (y > 40 ? 0.15 : 0);
  }
  return made;
}

function reduced(enlarged: Raster, scale: number): Raster {
  const output = rect<'output'>(0, 0, WIDTH, HEIGHT);
  return resample(enlarged, wholeOf<'source'>(enlarged), enlarged, 1 / scale, output, 'bicubic');
}

const furthest = (a: Raster, b: Raster, channels: number): number => {
  let most = 0;
  const length = a.width * a.height * channels;
  for (let i = 0; i < length; i++) most = Math.max(most, Math.abs(a.data[i]! - b.data[i]!));
  return most;
};

const catalogue = await methodsOn();
const methods = catalogue.all.filter(({ card }) => card.weights < 20_000);

describe.each(methods)('$id, made consistent', (method) => {
  it.each([2, 2.5])('reduces to the photo again at x%f', async (scale) => {
    const of = picture(3);
    const whole = wholeOf<'output'>(outputSize(of, scale));
    const made = await enlarge(method, photoOf(of, 'test'), scale, whole, consistent);
    expect(furthest(reduced(made, scale), of, 3)).toBeLessThan(1e-5);
  });

  it('has no seams', async () => {
    const photo = photoOf(picture(3), 'test');
    const whole = wholeOf<'output'>(outputSize(photo.info, 3));
    const tile = rect<'output'>(101, 77, 64, 53);
    const made = await enlarge(method, photo, 3, whole, consistent);
    const alone = await enlarge(method, photo, 3, tile, consistent);
    expect(furthest(alone, cutOut({ rect: whole, pixels: made }, tile), 3)).toBeLessThan(0.25 / 255);
  });
});

describe('consistency', () => {
  it('counts colours as much as they show', async () => {
    const of = picture(4);
    const whole = wholeOf<'output'>(outputSize(of, 2));
    const made = await enlarge(catalogue.get('lanczos'), photoOf(of, 'test'), 2, whole, consistent);
    const shown = premultiply(of);
    const back = reduced(premultiply(made), 2);
    // Where it shows at all: clipping keeps colours of nearly transparent pixels from being exact.
    const most = shown.data
      .subarray(0, 3 * WIDTH * HEIGHT)
      .reduce((m, v, i) => (i % WIDTH > 12 ? Math.max(m, Math.abs(v - back.data[i]!)) : m), 0);
    expect(most).toBeLessThan(1 / 255);
  });

  it('keeps a flat colour flat around transparency', async () => {
    const square = raster(12, 12, 4);
    for (let y = 3; y < 9; y++) {
      for (let x = 3; x < 9; x++) {
        [220 / 255, 120 / 255, 60 / 255, 1].forEach((v, c) => (square.data[c * 144 + y * 12 + x] = v));
      }
    }
    const whole = wholeOf<'output'>({ width: 48, height: 48 });
    for (const id of ['bicubic', 'lanczos']) {
      const made = await enlarge(catalogue.get(id), photoOf(square, 'square'), 4, whole, consistent);
      for (let i = 0; i < 48 * 48; i++) {
        if (made.data[3 * 48 * 48 + i]! < 1 / 255) continue;
        [220, 120, 60].forEach((v, c) =>
          expect(Math.abs(255 * made.data[c * 48 * 48 + i]! - v)).toBeLessThan(0.5),
        );
      }
    }
  });

  it('is a method of its own for Lanczos', async () => {
    const photo = photoOf(picture(3), 'test');
    const whole = wholeOf<'output'>(outputSize(photo.info, 2));
    const named = await enlarge(catalogue.get('lanczos-consistent'), photo, 2, whole);
    const asked = await enlarge(catalogue.get('lanczos'), photo, 2, whole, consistent);
    expect(named.data).toEqual(asked.data);
  });
});
