import type { Evaluation, Figures, MeasuredMethod } from '../../shared/contract';

/** A column of the benchmark's table. */
export interface BenchFigure {
  readonly figure: keyof Figures;
  readonly title: string;
  readonly digits: number;
}

const ALL: readonly BenchFigure[] = [
  { figure: 'psnrRgb', title: 'PSNR-RGB', digits: 2 },
  { figure: 'psnrY', title: 'PSNR-Y', digits: 2 },
  { figure: 'ssimY', title: 'SSIM-Y', digits: 4 },
  { figure: 'lpips', title: 'LPIPS', digits: 4 },
];

/** What an evaluation's files are called, without what follows the point. */
export const evaluationStem = (dataset: string): string =>
  dataset.split(/[/\\]/).at(-1)!.replaceAll(' ', '-') || 'evaluation';

/** The figures that an evaluation has, its protocol's own first. */
export function figuresIn({ protocol, scales }: Evaluation): BenchFigure[] {
  const means = scales.flatMap(({ results }) => results.map(({ mean }) => mean));
  const has = (figure: keyof Figures): boolean => means.some((mean) => typeof mean[figure] === 'number');
  return ALL.filter(({ figure }) => has(figure) && (figure !== 'psnrRgb' || protocol === 'rgb'));
}

/** The best value of a figure as it is printed: those that print alike are the best alike. */
export function bestOf(
  results: readonly MeasuredMethod[],
  figure: keyof Figures,
  digits: number,
): string | null {
  const values = results.flatMap(({ mean }) => (typeof mean[figure] === 'number' ? [mean[figure]] : []));
  if (values.length === 0) return null;
  return (figure === 'lpips' ? Math.min(...values) : Math.max(...values)).toFixed(digits);
}
