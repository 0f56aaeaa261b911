import type { Evaluation } from '../../shared/contract';
import { readEvaluationJson } from '../../shared/evaluationFile';
import { FaultError } from '../../shared/faults';
import { tradeoffOf, TRADEOFF_SCALES_MAX } from '../../shared/tradeoff';
import { evaluationStem } from './benchFigures';
import type { SheetDesign } from './sheetDesign';

type Plotted = NonNullable<SheetDesign['tradeoff']>;

/** What a sheet plots of an evaluation; null where there is nothing to plot, or more than a sheet has. */
export function plottedOf(
  evaluation: Evaluation,
  file = `${evaluationStem(evaluation.dataset)}.json`,
): Plotted | null {
  const plotted = tradeoffOf(evaluation);
  return plotted && plotted.scales.length <= TRADEOFF_SCALES_MAX ? { file, plotted } : null;
}

/** What a sheet plots of an evaluation's file. Throws `bad-option` where it is none, or has nothing to plot. */
export function readPlotted(text: string, file: string): Plotted {
  const found = plottedOf(readEvaluationJson(text, file), file);
  if (found) return found;
  throw new FaultError(
    'bad-option',
    `Expected an evaluation with LPIPS at 1 to ${TRADEOFF_SCALES_MAX} scales in ${file}, found none to plot.`,
    { file },
  );
}
