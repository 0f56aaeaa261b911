import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { outputSize, rect, wholeOf, type Rect } from '../../src/shared/geometry';
import { greyToLuma, toYcbcr } from '../../src/engine/kernels/color/ycbcr';
import { finishedBytes, type Finish } from '../../src/engine/pixels/finish';
import { lumaOf } from '../../src/engine/pixels/luma';
import { asCells, cellLength } from '../../src/engine/pixels/cells';
import { movable, type PixelOrder } from '../../src/engine/pixels/messages';
import type { Enlarging, MethodOutput } from '../../src/engine/pixels/enlarging';
import { complete, completeCells, completeInSteps } from '../../src/engine/pixels/operations';
import { SpentBuffers } from '../../src/engine/pixels/spentBuffers';
import { sumCells, type CellPicture } from '../../src/engine/pixels/separable';
import { servePixels } from '../../src/engine/pixels/worker';
import { axisPositions } from '../../src/engine/kernels/positions';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { neededSource } from '../../src/engine/kernels/resample/resample';
import { cutOut, type Window } from '../../src/engine/kernels/window';
import { seeded } from '../unit/seeded';

const random = seeded(11);
const bytes: Finish<'bytes'> = { to: 'bytes' };
const rgba: Finish<'rgba'> = { to: 'rgba', table: null };

/** A part of a photo's enlargement, with luma that has nothing to do with it: the two must not need to agree. */
function tile(
  photo: Raster,
  scale: number,
  factor: number,
  output: Rect<'output'>,
): [MethodOutput, Enlarging] {
  const size = { width: photo.width, height: photo.height };
  const needed = neededSource(output, scale, 'bicubic', size);
  const source: Window<'source'> = {
    rect: needed,
    pixels: cutOut({ rect: wholeOf(photo), pixels: photo }, needed),
  };
  const made = outputSize(size, factor);
  const luma = random.picture(made.width, made.height, 1);
  // Values beyond black and white, as networks overshoot.
  for (let i = 0; i < luma.data.length; i++) luma.data[i] = luma.data[i]! * 1.4 - 0.2;
  const window = { rect: wholeOf(made), pixels: luma };
  return [
    { window, size: made, factor, holds: 'luma' },
    { source, photo: size, scale, output },
  ];
}

function largestStep(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe('colouring a tile in one pass', () => {
  it.each([
    ['at a factor', 3, 3],
    ['at a fractional scale', 2.5, 3],
    ['at a pre-upsampled real scale', 2.37, 2.37],
  ])('gives what the steps give, %s, anywhere in the photo', (_, scale, factor) => {
    const photo = random.picture(29, 23, 3);
    const whole = outputSize(photo, scale);
    for (let n = 0; n < 12; n++) {
      const width = random.whole(1, 21);
      const height = random.whole(1, 17);
      const x = n === 0 ? 0 : n === 1 ? whole.width - width : random.whole(0, whole.width - width);
      const y = n === 0 ? 0 : n === 1 ? whole.height - height : random.whole(0, whole.height - height);
      const given = tile(photo, scale, factor, rect(x, y, width, height));
      const steps = completeInSteps(...given, bytes);
      const once = complete(...given, bytes);
      expect(largestStep(once, steps)).toBeLessThanOrEqual(1);
      const unequal = once.filter((value, i) => value !== steps[i]).length;
      expect(unequal).toBeLessThanOrEqual(1 + once.length / 500); // halves may round either way
      expect(largestStep(complete(...given, rgba), completeInSteps(...given, rgba))).toBeLessThanOrEqual(1);
    }
  });

  it('works on one pixel', () => {
    const given = tile(random.picture(1, 1, 3), 2, 2, rect(0, 0, 2, 2));
    expect(largestStep(complete(...given, bytes), completeInSteps(...given, bytes))).toBeLessThanOrEqual(1);
  });
});

describe('the rounding of colours in one pass', () => {
  const colourTile = (
    scale: number,
    base: MethodOutput['base'],
    output: Rect<'output'>,
  ): [MethodOutput, Enlarging] => {
    const photo = random.picture(29, 23, 3);
    const [given, enlarging] = tile(photo, scale, scale, output);
    const pixels = random.picture(given.size.width, given.size.height, 3);
    // With a base it is what that lacks; without, values beyond black and white.
    for (let i = 0; i < pixels.data.length; i++)
      pixels.data[i] = base ? pixels.data[i]! - 0.5 : pixels.data[i]! * 1.4 - 0.2;
    const window = { rect: given.window.rect, pixels };
    return [{ ...given, window, holds: 'colours', ...(base && { base }) }, enlarging];
  };

  it.each([
    [1.3, 'bicubic'],
    [2, undefined],
    [2.7, 'bicubic'],
    [9, 'bicubic'],
  ] as const)('is that of its steps at x%d with the base %s', (scale, base) => {
    const whole = outputSize({ width: 29, height: 23 }, scale);
    for (const output of [
      rect<'output'>(0, 0, 7, 5),
      rect<'output'>(whole.width - 13, whole.height - 6, 13, 6),
      rect<'output'>(9, 4, 20, 11),
    ]) {
      const given = colourTile(scale, base, output);
      for (const finish of [bytes, rgba]) {
        const steps = completeInSteps(...given, finish);
        const once = complete(...given, finish);
        expect(once).toHaveLength(steps.length);
        expect(largestStep(once, steps)).toBeLessThanOrEqual(1);
        const unequal = once.filter((value, i) => value !== steps[i]).length;
        expect(unequal).toBeLessThanOrEqual(1 + once.length / 500); // halves may round either way
      }
    }
  });
});

describe('a tile for a file', () => {
  it('is written into the memory that is given for it, of every kind and channels', () => {
    for (const channels of [1, 2, 3, 4]) {
      for (const finish of [bytes, { to: 'words' } as const]) {
        const [given, enlarging] = tile(random.picture(13, 11, 3), 2, 2, rect(1, 2, 9, 7));
        const { rect: held } = enlarging.source;
        const source = { rect: held, pixels: random.picture(held.width, held.height, channels) };
        const photo = { ...enlarging, source };
        const expected = complete(given, photo, finish);
        const length = finishedBytes(finish, channels, 9 * 7)!;
        expect(length).toBe(expected.byteLength);
        const into = new Uint8Array(length).fill(99).buffer;
        const result = complete(given, photo, finish, into);
        expect(result.buffer).toBe(into);
        expect(result).toEqual(expected);
      }
    }
    for (const finish of [rgba, { to: 'raster' } as const])
      expect(finishedBytes(finish, 3, 10)).toBe(undefined);
  });

  it('is made by a worker in memory of an earlier one, which comes back as the result', async () => {
    const given = tile(random.picture(13, 11, 3), 2, 2, rect(1, 2, 9, 7));
    const expected = complete(...given, bytes);
    const { port1, port2 } = new MessageChannel();
    servePixels(port2);
    const earlier = new Uint8Array(expected.length).fill(99).buffer;
    const order: PixelOrder = { id: 3, operation: 'complete', given: [...given, bytes, earlier] };
    port1.postMessage(order, [...movable(order)]);
    expect(earlier.byteLength).toBe(0); // it has moved
    const [answer] = (await once(port1, 'message')) as [unknown];
    port1.close();
    expect(answer).toMatchObject({ id: 3, result: expected });
  });
});

describe('a tile that is summed of cells', () => {
  const K = 5;
  const form = { functions: K, sets: [1] };
  const numbers = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.whole(-100, 100) / 300);
  const size = { width: 29, height: 23 };
  const features = { rect: rect(-1, -1, 31, 25), pixels: random.picture(31, 25, 3 * K * K) };
  const cells = asCells(features, form, new Int16Array(new SharedArrayBuffer(2 * 31 * 25 * cellLength(K))));

  /** A part of the enlargement of a photo, to be summed of its cells. */
  function summed(scale: number, output: Rect<'output'>, channels = 3): [CellPicture, Enlarging] {
    const needed = neededSource(output, scale, 'bicubic', size);
    const photo = random.picture(size.width, size.height, channels);
    const source = { rect: needed, pixels: cutOut({ rect: wholeOf(size), pixels: photo }, needed) };
    const rows = axisPositions({ scale, photo: size.height, start: output.y, length: output.height });
    const columns = axisPositions({ scale, photo: size.width, start: output.x, length: output.width });
    const basis = {
      ...form,
      rows: numbers(2 * rows.length * K),
      columns: numbers(2 * columns.length * K),
      gains: numbers(3 * K * K),
    };
    const cut = Math.ceil(rows.length / 3);
    const bands = [
      { run: { from: 0, count: cut }, parts: [cells] },
      { run: { from: cut, count: rows.length - cut }, parts: [cells] },
    ];
    const picture = { rows, columns, basis, bands, across: { from: 0, count: columns.length } };
    return [picture, { source, photo: size, scale, output }];
  }

  it.each([
    [2.7, 'bicubic', rect<'output'>(3, 5, 41, 22)],
    [9, 'bicubic', rect<'output'>(200, 150, 13, 6)],
    [2, undefined, rect<'output'>(0, 0, 58, 46)],
  ] as const)('at x%d with the base %s is that of its steps', (scale, base, output) => {
    const [picture, enlarging] = summed(scale, output);
    for (const finish of [bytes, rgba]) {
      const pixels = raster(output.width, output.height, 3);
      sumCells(picture, pixels);
      const made: MethodOutput = {
        window: { rect: output, pixels },
        size: outputSize(size, scale),
        factor: scale,
        holds: 'colours',
        ...(base && { base }),
      };
      const steps = completeInSteps(made, enlarging, finish);
      expect(new Set(steps).size).toBeGreaterThan(20);
      expect(largestStep(completeCells(picture, base, enlarging, finish), steps)).toBeLessThanOrEqual(1);
    }
  });

  it('goes by its steps where there is no short way, and is made on another thread', async () => {
    const [picture, enlarging] = summed(2.7, rect<'output'>(3, 5, 41, 22), 1);
    const expected = completeCells(picture, 'bicubic', enlarging, rgba);
    const { port1, port2 } = new MessageChannel();
    servePixels(port2);
    const order: PixelOrder = {
      id: 7,
      operation: 'cells',
      given: [picture, 'bicubic', enlarging, rgba],
    };
    port1.postMessage(order, [...movable(order)]);
    const [answer] = (await once(port1, 'message')) as [unknown];
    port1.close();
    expect(answer).toEqual({ id: 7, result: expected });
    // The cells stayed where they are, for others to read.
    expect(cells.values.length).toBeGreaterThan(0);
  });
});

describe('the luma that networks see', () => {
  it('is that of the colour transform', () => {
    const colours = random.picture(7, 5, 3);
    const expected = toYcbcr(colours).data.slice(0, 35);
    lumaOf(colours).data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    const grey = random.picture(7, 5, 1);
    expect(lumaOf(grey).data).toEqual(greyToLuma(grey).data);
  });
});

describe('memory of what networks made', () => {
  it('is used again, and of large tiles no more than a little is kept', () => {
    const buffers = new SpentBuffers();
    const [small, other] = [new Float32Array(8), new Float32Array(8)];
    buffers.give(small.buffer);
    buffers.give(other.buffer);
    expect([buffers.take(8).buffer, buffers.take(8).buffer]).toEqual([small.buffer, other.buffer]);
    buffers.give(small.buffer);
    expect(buffers.takeKept(31)).toBe(undefined);
    expect(buffers.takeKept(32)).toBe(small.buffer);
    expect(buffers.takeKept(32)).toBe(undefined);
    const large = [1, 2, 3].map(() => new Float32Array(4 * 2 ** 20)); // 16 MiB each
    for (const { buffer } of large) buffers.give(buffer);
    expect(buffers.take(4 * 2 ** 20).buffer).toBe(large[2]!.buffer);
    expect(large.map(({ buffer }) => buffer)).not.toContain(buffers.take(4 * 2 ** 20).buffer);
  });
});

describe('what moves to another thread', () => {
  it('is memory that is named, and every array that owns its whole, and none that shares it', () => {
    const own = new Float32Array(4);
    const part = new Float32Array(8).subarray(2, 4);
    const shared = new Float32Array(new SharedArrayBuffer(16));
    const named = new ArrayBuffer(8);
    expect([...movable([{ a: { own } }, part, { shared }, named, null, 'text'])]).toEqual([
      own.buffer,
      named,
    ]);
  });

  it('is refused where it moved before', () => {
    const { port1 } = new MessageChannel();
    const order = { pixels: new Float32Array(4) };
    port1.postMessage(order, [...movable(order)]);
    expect(() => port1.postMessage(order, [...movable(order)])).toThrow(/detached/);
    port1.close();
  });
});
