import { describe, expect, it } from 'vitest';
import { evaluationJson } from '../../src/shared/evaluationFile';
import { evaluationAs } from '../../src/shared/evaluationTables';
import { methodLines } from '../../src/cli/commands/methods';
import { metricLines, shiftSentence } from '../../src/cli/commands/metrics';
import { readControls, refuseForeignControls } from '../../src/cli/controls';
import { WrongCall } from '../../src/cli/exitStatus';
import { readUpscaleCall } from '../../src/cli/upscaleCall';
import type { Evaluation, Figures, MeasuredMethod, MethodCard, Metrics } from '../../src/shared/contract';

const card = (id: string, controls: MethodCard['controls']): MethodCard => ({
  id,
  sum: 'code',
  name: id,
  family: 'implicit',
  scales: [2],
  weights: 5,
  licence: 'MIT',
  psnrY: {},
  lpips: {},
  paper: null,
  goodAt: '',
  badAt: '',
  controls,
  learns: null,
  alwaysConsistent: false,
  origin: 'bundled',
  source: null,
  paces: {},
  device: null,
});
const CARDS = [
  card('bicubic', []),
  card('cs', [{ id: 'crispness', default: 0.4 }]),
  card('fcs', [{ id: 'crispness', default: 0.5 }]),
  card('esrgan', [{ id: 'strength', default: 0.8 }]),
];

describe('controls', () => {
  it('are read, and those not named are left to the method', () => {
    expect(readControls({})).toEqual({});
    expect(readControls({ crispness: '.5', strength: '1', seed: '12' })).toEqual({
      crispness: 0.5,
      strength: 1,
      seed: 12,
    });
    expect(readControls({ crispness: '0', seed: '0' })).toEqual({ crispness: 0, seed: 0 });
  });

  it.each(['1.01', '-0.1', 'much', '', '50%', 'NaN', '1e-1'])('of shares refuse "%s"', (text) => {
    expect(() => readControls({ strength: text })).toThrow(
      /^Expected --strength to be a number from 0 to 1, received .+\.$/,
    );
  });

  it.each(['1.5', '-1', '2147483648', 'x'])('of whole numbers refuse "%s"', (text) => {
    expect(() => readControls({ seed: text })).toThrow(
      /^Expected --seed to be a whole number from 0 to 2147483647, received .+\.$/,
    );
  });

  it('belong to the methods that have them', () => {
    const refuse = (turned: object, ids: string[]): void => refuseForeignControls(turned, ids, CARDS);
    expect(() => refuse({ crispness: 0 }, ['cs', 'fcs'])).not.toThrow();
    expect(() => refuse({ ensemble: true }, ['bicubic'])).not.toThrow();
    expect(() => refuse({ crispness: 0.5 }, ['cs', 'bicubic'])).toThrow(
      new WrongCall('Expected --crispness only with cs or fcs, received it with bicubic.'),
    );
    expect(() => refuse({ strength: 0.5 }, ['cs', 'fcs'])).toThrow(/only with esrgan, .* with cs, fcs\./);
    expect(() => refuse({ seed: 1 }, ['cs'])).toThrow(/no --seed: none of the methods here/);
  });

  it('reach the engine in a call of upscale', () => {
    const { options } = readUpscaleCall(['a.jpg'], {
      output: 'x.png',
      method: 'cs',
      device: 'auto',
      consistent: true,
      crispness: '0.25',
    });
    expect(options).toEqual({ ensemble: false, consistent: true, cascade: false, crispness: 0.25 });
  });

  it('are listed with where they stand', () => {
    const [titles, bicubic, cs] = methodLines(CARDS);
    const at = titles!.indexOf('controls');
    expect(bicubic!.slice(at)).toMatch(/^- +MIT$/);
    expect(cs!.slice(at)).toMatch(/^crispness 0\.4 +MIT$/);
  });
});

describe('figures for people', () => {
  const method = (id: string, mean: Figures, n = 2): MeasuredMethod => ({
    ...{ method: id, n, mean, deviation: { psnrY: 1.5, ssimY: null }, seconds: 2.345, peakMiB: 310.4 },
    images: [{ file: 'a.png', ...mean }],
  });
  const evaluation = (protocol: 'y' | 'rgb', ...means: Figures[]): Evaluation => ({
    ...{ dataset: 'd', protocol, failures: [] },
    scales: means.map((mean, k) => ({ scale: 4 + k, results: [method('cs', mean)] })),
  });
  const cells = (lines: string[]): string[][] => lines.map((line) => line.split(/ {2,}/));

  it('of protocol y', () => {
    const figures = { psnrY: 30.126, ssimY: 0.87654, lpips: 0.12345, consistency: 51 };
    expect(cells(evaluationAs('text', evaluation('y', figures), true))).toEqual([
      ['method', 'image', 'PSNR-Y', 'SSIM-Y', 'LPIPS', 'consistency', 'n', 's', 'MiB'],
      ['cs', 'a.png', '30.13', '0.8765', '0.1235', '51.00', '1', '-', '-'],
      ['cs', 'mean', '30.13 ±1.50', '0.8765', '0.1235', '51.00', '2', '2.3', '310'],
    ]);
  });

  it('of protocol rgb, where LPIPS is not installed', () => {
    const figures = { psnrY: 30.126, psnrRgb: 28.5, ssimRgb: 0.8, ssimY: 0.87654, lpips: null };
    expect(cells(evaluationAs('text', evaluation('rgb', figures), false))).toEqual([
      ['method', 'PSNR-RGB', 'PSNR-Y', 'SSIM-Y', 'SSIM-RGB', 'LPIPS', 'consistency', 'n', 's', 'MiB'],
      ['cs', '28.50', '30.13 ±1.50', '0.8765', '0.8000', '-', '-', '2', '2.3', '310'],
    ]);
  });

  it('of several scales as Markdown, and for papers with the best bold and the second underlined', () => {
    const figures = { psnrY: 30.126, ssimY: 0.87654, lpips: null };
    const better = { psnrY: 31, ssimY: 0.87, lpips: null };
    const one = evaluation('y', figures, figures);
    const both: Evaluation = {
      ...one,
      dataset: 'my_set',
      scales: [
        { scale: 2.5, results: [method('rcan_small', figures), method('edsr', better)] },
        one.scales[1]!,
      ],
    };
    expect(evaluationAs('markdown', both, false).slice(0, 3)).toEqual([
      '| scale | method | PSNR-Y | SSIM-Y | LPIPS | consistency | n | s | MiB |',
      '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      '| x2.5 | rcan_small | 30.13 ±1.50 | 0.8765 | - | - | 2 | 2.3 | 310 |',
    ]);
    const lines = evaluationAs('latex', both, false);
    expect(lines).toContain('rcan\\_small & \\underline{30.13} & \\textbf{0.8765} & -- & -- \\\\');
    expect(lines).toContain('edsr & \\textbf{31.00} & \\underline{0.8700} & -- & -- \\\\');
    expect(lines[0]).toMatch(
      /^% my_set: PSNR and SSIM of BT\.601 luma .* a border as wide as the scale cut;/,
    );
  });

  it('of one scale for scripts as they have read it from the first, and of several', () => {
    const figures = { psnrY: 30, ssimY: 0.9, lpips: null };
    expect(Object.keys(evaluationJson(evaluation('y', figures)) as object)).toEqual([
      ...['dataset', 'scale', 'protocol', 'results'],
    ]);
    const failures = [{ file: 'b.png', error: 'Expected a picture.' }];
    expect(evaluationJson({ ...evaluation('y', figures, figures), failures })).toMatchObject({
      ...{ dataset: 'd', protocol: 'y', failures },
      scales: [{ scale: 4 }, { scale: 5 }],
    });
  });

  it('of two pictures', () => {
    const difference = {
      mean: -0.5,
      meanAbsolute: 2,
      rootMeanSquare: 3,
      percentile99: 9,
      largest: 40,
      changed: 0.75,
    };
    const figures: Metrics = {
      psnrY: 30.126,
      ssimY: 0.9,
      psnrRgb: null,
      msSsimY: null,
      border: 4,
      protocol: 'y',
      lpips: 0.25,
      niqe: 4.5,
      shift: null,
      difference,
    };
    const told = (lines: string[]): string[] =>
      lines.map((line) => line.split(/ {2,}/).slice(0, 2).join(': '));
    expect(told(metricLines(figures))).toEqual([
      'PSNR-Y: 30.13 dB',
      'SSIM-Y: 0.9000',
      'MS-SSIM-Y: under 176 pixels',
      'PSNR-RGB: identical (infinite)',
      'LPIPS: 0.2500',
      'NIQE: 4.500',
      'difference: -0.50 mean, 2.00 absolute, 9 at 99 %, 40 at most',
    ]);
    expect(metricLines(figures)[0]).toContain(
      'BT.601 luma (16 to 235; grey as it is), 8 bits, border of 4 cut',
    );
    expect(told(metricLines({ ...figures, lpips: null, niqe: null }))).toContain('LPIPS: not measured');
    expect(shiftSentence(figures)).toBeUndefined();
    expect(shiftSentence({ ...figures, shift: { x: 0.5, y: -1 } })).toMatch(
      /0\.50 pixels right of and 1\.00 pixels above its reference/,
    );
  });
});
