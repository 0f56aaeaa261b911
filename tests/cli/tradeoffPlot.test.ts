import { describe, expect, it } from 'vitest';
import { spreadLabels, tradeoffPlot } from '../../src/shared/tradeoffPlot';
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

  it('moves labels apart', () => {
    expect(spreadLabels([20, 10, 12, 60], 8)).toEqual([26, 10, 18, 60]);
  });
});
