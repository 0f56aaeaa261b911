import type { Evaluation, EvaluationFailure, Figures, MeasuredMethod } from '../../../shared/contract';
import { deviationOf, meanOf } from '../../kernels/metrics/statistics';
import type { Measured, StoredEvaluation } from './marks';

type FigureName = keyof Figures;

const FIGURES: readonly FigureName[] = ['psnrY', 'ssimY', 'psnrRgb', 'ssimRgb', 'lpips', 'consistency'];

/** The values of one figure, where every picture has one: a mean of only some would be taken for the folder's. */
function valuesOf(name: FigureName, all: readonly Figures[]): number[] | undefined {
  const values = all.map((figures) => figures[name]).filter((value) => typeof value === 'number');
  return values.length === all.length ? values : undefined;
}

function meanFigures(all: readonly Figures[]): Figures {
  const means: Record<string, number | null> = { lpips: null };
  for (const name of FIGURES) {
    const values = valuesOf(name, all);
    if (values) means[name] = meanOf(values);
  }
  // The order in which people and scripts read them.
  const entries = FIGURES.filter((name) => name in means).map((name) => [name, means[name]]);
  return Object.fromEntries(entries) as Figures;
}

const deviations = (all: readonly Figures[]): MeasuredMethod['deviation'] =>
  Object.fromEntries(
    FIGURES.flatMap((name) => {
      const values = valuesOf(name, all);
      return values ? [[name, deviationOf(values)] as const] : [];
    }),
  );

function measuredMethod(method: string, found: readonly Measured[]): MeasuredMethod {
  const figures = found.map((one) => one.figures);
  return {
    method,
    n: found.length,
    mean: meanFigures(figures),
    deviation: deviations(figures),
    seconds: found.reduce((sum, { seconds }) => sum + seconds, 0),
    peakMiB: Math.max(...found.map(({ peakMiB }) => peakMiB)),
    images: found.map(({ file, figures: own, seconds }) => ({ file, ...own, seconds })),
  };
}

/** All that was measured, by scale and method in the order's own order; methods without any picture are left out. */
export function evaluationOf(
  order: StoredEvaluation,
  measured: readonly Measured[],
  failures: readonly EvaluationFailure[],
  unread: readonly string[],
): Evaluation {
  return {
    dataset: order.dataset,
    protocol: order.protocol,
    scales: order.scales.map((scale) => ({
      scale,
      results: order.methods.flatMap(({ id }) => {
        const found = measured.filter((one) => one.scale === scale && one.method === id);
        return found.length > 0 ? [measuredMethod(id, found)] : [];
      }),
    })),
    failures: [...failures],
    ...(unread.length > 0 && { unread: [...unread] }),
  };
}
