import { describe, expect, it } from 'vitest';
import type { Drawing, Item, Text } from '../../../src/engine/sheets/drawing';
import { blinkFrames } from '../../../src/engine/sheets/layout/blink';
import { layOut } from '../../../src/engine/sheets/layout/sheet';
import type { Evaluation } from '../../../src/shared/contract';
import { evaluationJson, readEvaluationJson } from '../../../src/shared/evaluationFile';
import { placeLabels } from '../../../src/shared/pointLabels';
import { axisOf, tradeoffOf, type Tradeoff } from '../../../src/shared/tradeoff';
import { seeded } from '../seeded';
import { contentOf, plainMeasure } from './contents';

const plotted = (scales: number, names: readonly [string, number, number][]): Tradeoff => ({
  dataset: 'Set5',
  protocol: 'y',
  scales: Array.from({ length: scales }, (_, k) => ({
    scale: 2 + k,
    points: names.map(([method, psnrY, lpips]) => ({ method, psnrY, lpips, n: 5 })),
  })),
});
const THREE = [
  ['edsr', 32, 0.18],
  ['srgan', 29, 0.1],
  ['bicubic', 28, 0.34],
] as const satisfies readonly [string, number, number][];

const textOf = ({ spans }: Text): string => spans.map(({ text }) => text).join('');
const texts = ({ items }: Drawing): Text[] => items.filter((item): item is Text => item.kind === 'text');
const discs = (items: readonly Item[]) => items.flatMap((item) => (item.kind === 'disc' ? [item] : []));

describe('an axis', () => {
  it('holds its values, with a few round ticks that print as different numbers', () => {
    const some = seeded(7);
    for (let k = 0; k < 500; k++) {
      const size = 10 ** some.whole(-3, 3);
      const values = Array.from({ length: some.whole(1, 9) }, () => (some.whole(0, 1000) - 300) * size);
      const { from, to, ticks, digits } = axisOf(values);
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(from);
        expect(value).toBeLessThanOrEqual(to);
      }
      expect(ticks.length).toBeGreaterThanOrEqual(1);
      expect(ticks.length).toBeLessThanOrEqual(7);
      const printed = ticks.map((tick) => tick.toFixed(digits));
      expect(new Set(printed).size).toBe(ticks.length);
      printed.forEach((text, i) => expect(Number(text)).toBeCloseTo(ticks[i]!, 9));
    }
    expect(axisOf([28.41, 33.66]).ticks).toEqual([28, 30, 32, 34]);
  });
});

describe('labels of points', () => {
  it('stand apart, inside, and off the points, while there is room', () => {
    const some = seeded(11);
    for (let k = 0; k < 60; k++) {
      const points = Array.from({ length: 9 }, () => ({ x: some.whole(5, 295), y: some.whole(5, 195) }));
      const sizes = points.map(() => ({ width: some.whole(15, 50), height: 8 }));
      const places = placeLabels(points, sizes, { x: 0, y: 0, width: 300, height: 200 }, 4);
      expect(placeLabels(points, sizes, { x: 0, y: 0, width: 300, height: 200 }, 4)).toEqual(places);
      const areas = places.map((place, i) => ({ ...place, ...sizes[i]! }));
      areas.forEach((a, i) => {
        expect(a.x).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width).toBeLessThanOrEqual(300);
        expect(a.y).toBeGreaterThanOrEqual(0);
        expect(a.y + a.height).toBeLessThanOrEqual(200);
        for (const b of areas.slice(i + 1)) {
          const apart =
            a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;
          expect(apart).toBe(true);
        }
      });
    }
  });

  it('stand right of their points where nothing else is, wherever these lie', () => {
    const some = seeded(13);
    for (let k = 0; k < 50; k++) {
      const point = { x: some.real(20, 200), y: some.real(20, 180) };
      const size = { width: some.real(20, 60), height: some.real(5, 9) };
      const [place] = placeLabels([point], [size], { x: some.real(0, 5), y: 0, width: 290, height: 200 }, 4);
      expect(place).toEqual({ x: point.x + 4, y: point.y - size.height / 2 });
    }
  });
});

describe('perception against distortion on a sheet', () => {
  it.each(['paper', 'strip', 'ladder', 'grid'] as const)(
    'lies below the crops of a %s, within it',
    (layout) => {
      const content = contentOf(layout, 2, 4);
      const plain = layOut(content, plainMeasure);
      const drawing = layOut({ ...content, tradeoff: plotted(3, THREE) }, plainMeasure);
      expect([drawing.width, drawing.density]).toEqual([plain.width, plain.density]);
      expect(drawing.height).toBeGreaterThan(plain.height);
      const lowest = Math.max(
        ...drawing.items.flatMap((item) => (item.kind === 'picture' ? [item.y + item.height] : [])),
      );
      const caption = Math.min(
        ...texts(drawing)
          .filter((text) => textOf(text).startsWith('PSNR-Y and SSIM-Y'))
          .map(({ baseline }) => baseline),
      );
      const points = discs(drawing.items);
      expect(points).toHaveLength(9);
      for (const { x, y, radius } of points) {
        expect(y - radius).toBeGreaterThan(lowest);
        expect(y + radius).toBeLessThan(caption);
        expect(x - radius).toBeGreaterThan(0);
        expect(x + radius).toBeLessThan(drawing.width);
      }
    },
  );

  it('has what is nearer the truth further right, what is nearer to the eye higher up, and says each', () => {
    const content = { ...contentOf('paper', 1, 3), tradeoff: plotted(1, THREE) };
    const drawing = layOut(content, plainMeasure);
    const [edsr, srgan, bicubic] = discs(drawing.items);
    expect(edsr!.x).toBeGreaterThan(srgan!.x);
    expect(srgan!.x).toBeGreaterThan(bicubic!.x);
    expect(srgan!.y).toBeLessThan(edsr!.y);
    expect(edsr!.y).toBeLessThan(bicubic!.y);
    const said = texts(drawing).map(textOf);
    for (const words of ['Set5 ×2', 'edsr', 'srgan', 'bicubic']) expect(said).toContain(words);
  });

  it('stays below the crops that blink', () => {
    const content = contentOf('strip', 2, 3);
    const plain = blinkFrames(content, plainMeasure);
    const frames = blinkFrames({ ...content, tradeoff: plotted(1, THREE) }, plainMeasure);
    expect(new Set(frames.map(({ drawing: { height } }) => height)).size).toBe(1);
    for (const { drawing } of frames) {
      expect(discs(drawing.items)).toEqual(discs(frames[0]!.drawing.items));
      for (const { y } of discs(drawing.items)) {
        expect(y).toBeGreaterThan(plain[0]!.drawing.height);
        expect(y).toBeLessThan(drawing.height);
      }
    }
  });
});

describe('what is plotted of an evaluation', () => {
  const measured = (
    method: string,
    psnrY: number,
    lpips: number | null,
  ): Evaluation['scales'][0]['results'][0] => ({
    method,
    n: 5,
    mean: { psnrY, ssimY: 0.9, lpips },
    deviation: {},
    seconds: 1,
    peakMiB: 1,
    images: [],
  });
  const evaluation: Evaluation = {
    dataset: '/data/Set5/',
    protocol: 'y',
    failures: [],
    scales: [
      { scale: 2, results: [measured('a', 30.125, 0.25), measured('b', 31, null)] },
      { scale: 3, results: [measured('a', 28, null)] },
    ],
  };

  it('is what has LPIPS, by the name of its folder', () => {
    expect(tradeoffOf(evaluation)).toEqual({
      dataset: 'Set5',
      protocol: 'y',
      scales: [{ scale: 2, points: [{ method: 'a', psnrY: 30.125, lpips: 0.25, n: 5 }] }],
    });
    expect(tradeoffOf({ ...evaluation, scales: evaluation.scales.slice(1) })).toBeUndefined();
  });

  it('is the same of its file, of one scale and of several', () => {
    for (const count of [1, 2]) {
      const some = { ...evaluation, scales: evaluation.scales.slice(0, count) };
      expect(readEvaluationJson(JSON.stringify(evaluationJson(some)), 'e.json')).toEqual(some);
    }
    for (const text of ['{', '{"dataset":"a"}', '[]']) {
      expect(() => readEvaluationJson(text, 'e.json')).toThrow('Expected an evaluation in e.json');
    }
  });
});
