import { describe, expect, it } from 'vitest';
import { tradeoffPlot } from '../../src/shared/tradeoffPlot';
import type { Evaluation, MeasuredMethod } from '../../src/shared/contract';

const method = (id: string, psnrY: number, lpips: number | null): MeasuredMethod => ({
  ...{
    method: id,
    n: 5,
    mean: { psnrY, ssimY: 0.9, lpips },
    deviation: {},
    seconds: 1,
    peakMiB: 1,
    images: [],
  },
});
const evaluation = (...scales: MeasuredMethod[][]): Evaluation => ({
  ...{ dataset: 'a < b & "c"', protocol: 'y', failures: [] },
  scales: scales.map((results, k) => ({ scale: 2 + k, results })),
});

/** Where the circle of a method lies. */
function placeOf(svg: string, id: string): { x: number; y: number } {
  const [, x, y] = new RegExp(`cx="([\\d.]+)" cy="([\\d.]+)"[^>]*><title>${id}:`).exec(svg)!;
  return { x: Number(x), y: Number(y) };
}

describe('perception against distortion', () => {
  it('has what is nearer the truth further right, and what is nearer to the eye higher up', () => {
    const svg = tradeoffPlot(
      evaluation([method('edsr', 32, 0.18), method('srgan', 29, 0.1), method('bicubic', 28, 0.34)]),
    )!;
    const [edsr, srgan, bicubic] = ['edsr', 'srgan', 'bicubic'].map((id) => placeOf(svg, id));
    expect(edsr!.x).toBeGreaterThan(srgan!.x);
    expect(srgan!.x).toBeGreaterThan(bicubic!.x);
    expect(srgan!.y).toBeLessThan(edsr!.y);
    expect(edsr!.y).toBeLessThan(bicubic!.y);
    expect(svg).toContain('>srgan</text>');
  });

  it('has a panel a scale, leaves out what has no LPIPS, and escapes names', () => {
    const svg = tradeoffPlot(
      evaluation([method('a', 30, 0.2)], [method('b', 28, 0.3), method('c', 29, null)]),
    )!;
    expect([...svg.matchAll(/<circle/g)]).toHaveLength(2);
    expect(svg).toContain('>x2</text>');
    expect(svg).toContain('>x3</text>');
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('is none where nothing has LPIPS', () => {
    expect(tradeoffPlot(evaluation([method('a', 30, null)]))).toBeUndefined();
  });

  it('has the labels of points that lie together apart, each within its panel', () => {
    const svg = tradeoffPlot(
      evaluation(['aa', 'bb', 'cc', 'dd'].map((id, k) => method(id, 30 + k / 1e4, 0.2 + k / 1e6))),
    )!;
    const frame = /<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)" fill="none"/.exec(svg)!.map(Number);
    const labels = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" text-anchor="start">(\w\w)<\/text>/g)];
    expect(labels.map(([, , , id]) => id).sort()).toEqual(['aa', 'bb', 'cc', 'dd']);
    const places = labels.map(([, px, py]) => ({ x: Number(px), y: Number(py) }));
    places.forEach((a, k) => {
      expect(a.x).toBeGreaterThan(frame[1]!);
      expect(a.x + 12).toBeLessThan(frame[1]! + frame[3]!);
      for (const b of places.slice(k + 1))
        expect(Math.abs(a.y - b.y) >= 8 || Math.abs(a.x - b.x) >= 11).toBe(true);
    });
  });
});
