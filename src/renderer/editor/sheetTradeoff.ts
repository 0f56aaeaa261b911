import type { Evaluation } from '../../shared/contract';
import { readEvaluationJson } from '../../shared/evaluationFile';
import { sheetTradeoff, sheetTradeoffIn } from '../../shared/tradeoff';
import { evaluationStem } from './benchFigures';
import type { SheetDesign } from './sheetDesign';

type Plotted = NonNullable<SheetDesign['tradeoff']>;

/** What a sheet plots of a benchmark, as of the file that it would be saved as; null where it cannot. */
export function plottedOf(evaluation: Evaluation): Plotted | null {
  const plotted = sheetTradeoff(evaluation);
  return plotted ? { file: `${evaluationStem(evaluation.dataset)}.json`, plotted } : null;
}

/** What a sheet plots of an evaluation's file. Throws `bad-option` where it is none, or has nothing to plot. */
export const readPlotted = (text: string, file: string): Plotted => ({
  file,
  plotted: sheetTradeoffIn(readEvaluationJson(text, file), file),
});
