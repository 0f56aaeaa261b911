import { describe, expect, it } from 'vitest';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { photoOf } from '../../src/engine/photos/memoryPhoto';
import { outputSize, wholeOf } from '../../src/shared/geometry';
import { enlarge, methodsOn } from './methodSet';

/** Flat stays flat, up to the border: networks see the photo mirrored there, and no edge to black. */
const COLOURS = {
  white: [1, 1, 1],
  skin: [0.8, 0.6, 0.5],
  sky: [0.353, 0.549, 0.824],
  red: [0.902, 0.196, 0.098],
  green: [0, 1, 0],
  violet: [0.25, 0, 1],
} as const;
const SIDE = 4;
/** Scale, colour, and whether methods of any scale are asked for it. */
const TRIED = [
  [2, 'skin', true],
  [3, 'green', false],
  [4, 'white', false],
  [4, 'red', false],
  [4, 'green', false],
  [4, 'violet', true],
  [7.3, 'sky', true],
] as const;

function flat(colour: readonly number[]): Raster {
  const picture = raster(SIDE, SIDE, 3);
  colour.forEach((value, c) => picture.data.fill(value, c * SIDE * SIDE, (c + 1) * SIDE * SIDE));
  return picture;
}

/** How far the worst sample is off, in levels of 8 bits, after what a file cuts off. */
function offBy({ data, width, height }: Raster, colour: readonly number[]): number {
  let worst = 0;
  for (let i = 0; i < data.length; i++) {
    const shown = Math.min(1, Math.max(0, data[i]!));
    worst = Math.max(worst, Math.abs(shown - colour[Math.floor(i / (width * height))]!));
  }
  return 255 * worst;
}

const methods = await methodsOn();

describe('a flat colour stays flat to the outermost pixel, at every scale, by', () => {
  it.each(methods.all.map((method) => [method.id, method] as const))('%s', async (_, method) => {
    const { scales } = method.card;
    // What lies between fixed scales is resampled from them; what makes any scale does so by one network.
    const tried = TRIED.filter(([scale, , isOfAll]) =>
      Array.isArray(scales) ? scales.includes(scale) : isOfAll,
    );
    expect(tried).not.toEqual([]);
    const found: Record<string, number> = {};
    for (const [scale, name] of tried) {
      const colour = COLOURS[name];
      const picture = flat(colour);
      const output = wholeOf<'output'>(outputSize(picture, scale));
      const made = await enlarge(method, photoOf(picture, 'flat'), scale, output);
      const off = offBy(made, colour);
      if (off > 1) found[`x${scale} ${name}`] = off;
    }
    expect(found).toEqual({});
  });
});
