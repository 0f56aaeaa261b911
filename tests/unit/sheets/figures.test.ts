import { describe, expect, it } from 'vitest';
import { figureLines, marksOf, opinionLines } from '../../../src/engine/sheets/figures';
import { detailedPlaces, difference } from '../../../src/engine/sheets/proposals';
import { raster } from '../../../src/engine/kernels/raster';
import { intersect, isEmpty } from '../../../src/shared/geometry';
import { seeded } from '../seeded';

describe('marks', () => {
  it('name the best and the second best, those that print alike alike', () => {
    expect(marksOf([3, 5, 4, 1])).toEqual(['none', 'best', 'second', 'none']);
    expect(marksOf([5, 5, 4, null])).toEqual(['best', 'best', 'second', 'none']);
    expect(marksOf([2, 2, 2])).toEqual(['none', 'none', 'none']);
    expect(marksOf([7])).toEqual(['none']);
  });

  it('go by what is printed, LPIPS by the smaller', () => {
    const lines = figureLines([
      { psnrY: 28.4149, ssimY: 0.81234, lpips: 0.2 },
      { psnrY: 28.4051, ssimY: 0.81236, lpips: 0.1 },
      { psnrY: 27, ssimY: 0.7, lpips: 0.3 },
      null,
    ]);
    const text = lines.map((entry) =>
      entry.map((line) =>
        line
          .map(({ text: words, weight, underlined }) =>
            weight === 'bold' ? `*${words}*` : underlined ? `_${words}_` : words,
          )
          .join(''),
      ),
    );
    expect(text).toEqual([
      ['*28.41* / _0.8123_', 'LPIPS _0.2000_'],
      ['*28.41* / *0.8124*', 'LPIPS *0.1000*'],
      ['_27.00_ / 0.7000', 'LPIPS 0.3000'],
      [],
    ]);
  });
});

describe('opinions', () => {
  const of = (value: number, low: number | null, high: number | null) => ({
    photo: 0,
    method: 0,
    scale: 4,
    n: 8,
    value,
    low,
    high,
  });
  const texts = (kind: 'rate' | 'pairs', entries: Parameters<typeof opinionLines>[1]): string[][] =>
    opinionLines(kind, entries).map((lines) => lines.map((line) => line.map(({ text }) => text).join('')));

  it('are a line of scores or of shares, and none where nothing is known', () => {
    expect(texts('rate', [of(3.826, 3.2, 4.452), undefined, of(2, null, null)])).toEqual([
      ['MOS 3.83 ± 0.63'],
      [],
      ['MOS 2.00'],
    ]);
    expect(texts('pairs', [of(0.6667, 0.451, 0.838)])).toEqual([['chosen 67 % (45–84)']]);
  });

  it('of pairs have strengths below the shares, the best and the second marked', () => {
    const strong = (value: number) => ({ value, low: value - 0.5, high: value + 0.5 });
    const entries = [
      { ...of(0.75, 0.4, 0.9), strength: strong(0.876) },
      { ...of(0.5, 0.2, 0.8), strength: null },
      { ...of(0.25, 0.1, 0.6), strength: strong(-0.876) },
      undefined,
    ];
    expect(texts('pairs', entries)).toEqual([
      ['chosen 75 % (40–90)', 'strength 0.88 ± 0.50'],
      ['chosen 50 % (20–80)'],
      ['chosen 25 % (10–60)', 'strength -0.88 ± 0.50'],
      [],
    ]);
    const [first, , third] = opinionLines('pairs', entries);
    expect(first![1]![1]).toMatchObject({ weight: 'bold' });
    expect(third![1]![1]).toMatchObject({ underlined: true });
  });

  it('mark the best and the second as they print', () => {
    const lines = opinionLines('rate', [of(3, 2, 4), of(4.001, 3, 5), of(4.002, 3, 5), of(1, 1, 1)]);
    const figures = lines.map(([line]) => line![1]!);
    expect(figures.map(({ weight, underlined }) => [weight, underlined])).toEqual([
      [undefined, true],
      ['bold', undefined],
      ['bold', undefined],
      [undefined, undefined],
    ]);
  });
});

describe('proposed crops', () => {
  const picture = raster(120, 90, 1);
  const noise = seeded(5);
  for (let y = 40; y < 60; y++) {
    for (let x = 60; x < 80; x++) picture.data[y * 120 + x] = noise.real();
  }

  it('lie where the detail is, inside the picture and none over another', () => {
    const places = detailedPlaces(picture, 20, 12);
    expect(places).toHaveLength(12);
    expect(places[0]).toEqual({ x: 60, y: 40, width: 20, height: 20 });
    const pairs = places.flatMap((a, k) => places.slice(k + 1).map((b) => intersect(a, b)));
    expect(pairs.every(isEmpty)).toBe(true);
    expect(places.every(({ x, y }) => x >= 0 && y >= 0 && x <= 100 && y <= 70)).toBe(true);
  });

  it('are the whole of a picture that is smaller', () => {
    expect(detailedPlaces(picture, 400, 3)).toEqual([{ x: 0, y: 0, width: 120, height: 90 }]);
  });

  it('are ranked by how much the methods differ', () => {
    const one = raster(2, 1, 1, Float32Array.of(0.2, 0.4));
    const other = raster(2, 1, 1, Float32Array.of(0.4, 0.4));
    expect(difference([one, one])).toBe(0);
    expect(difference([one, other])).toBeCloseTo(0.01 / 2, 6);
    expect(difference([one])).toBe(0);
  });
});
