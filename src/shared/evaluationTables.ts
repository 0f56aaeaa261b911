import type { Evaluation, Figures, MeasuredMethod } from './contract';
import { csvLines } from './csv';
import { evaluationJson } from './evaluationFile';
import { protocolBorder, protocolWords, type Protocol } from './protocols';
import { layTable, type Column } from './textTable';

/** How an evaluation is written: for people, for papers and for programs. */
export const EVALUATION_FORMATS = ['text', 'markdown', 'csv', 'json', 'latex'] as const;
export type EvaluationFormat = (typeof EVALUATION_FORMATS)[number];

const NONE = '-';

interface FigureColumn {
  readonly title: string;
  readonly figure: keyof Figures;
  readonly digits: number;
}

const FIGURE_COLUMNS: readonly FigureColumn[] = [
  { title: 'PSNR-RGB', figure: 'psnrRgb', digits: 2 },
  { title: 'PSNR-Y', figure: 'psnrY', digits: 2 },
  { title: 'SSIM-Y', figure: 'ssimY', digits: 4 },
  { title: 'SSIM-RGB', figure: 'ssimRgb', digits: 4 },
  { title: 'LPIPS', figure: 'lpips', digits: 4 },
  { title: 'consistency', figure: 'consistency', digits: 2 },
];

interface Row {
  readonly scale: number;
  readonly method: string;
  /** A picture's name, or `mean`. */
  readonly image: string;
  readonly figures: Figures;
  readonly deviation?: MeasuredMethod['deviation'];
  readonly n: number;
  readonly seconds: number | undefined;
  readonly peakMiB: number | undefined;
}

/** A row a method and scale; with `verbose` a row a picture before each. */
function rowsOf({ scales }: Evaluation, verbose: boolean): Row[] {
  return scales.flatMap(({ scale, results }) =>
    results.flatMap(({ method, mean, deviation, n, seconds, peakMiB, images }) => [
      ...(verbose
        ? images.map(({ file, ...figures }) => ({
            ...{ scale, method, image: file, figures, n: 1 },
            ...{ seconds: figures.seconds, peakMiB: undefined },
          }))
        : []),
      { scale, method, image: 'mean', figures: mean, deviation, n, seconds, peakMiB },
    ]),
  );
}

/** The columns that this protocol has. */
const columnsOf = ({ protocol }: Evaluation): FigureColumn[] =>
  FIGURE_COLUMNS.filter(({ figure }) => protocol === 'rgb' || !figure.endsWith('Rgb'));

const shown = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? NONE;

/** Titles and cells as text tables and Markdown have them: `28.43 +- 3.81` where there are several pictures. */
function cellsOf(evaluation: Evaluation, verbose: boolean): { columns: Column[]; rows: string[][] } {
  const figures = columnsOf(evaluation);
  const isOneScale = evaluation.scales.length === 1;
  const columns: Column[] = [
    ...(isOneScale ? [] : [{ title: 'scale', align: 'right' } as const]),
    { title: 'method', align: 'left' },
    ...(verbose ? [{ title: 'image', align: 'left' } as const] : []),
    ...figures.map(({ title }) => ({ title, align: 'right' }) as const),
    ...['n', 's', 'MiB'].map((title) => ({ title, align: 'right' }) as const),
  ];
  const rows = rowsOf(evaluation, verbose).map((row) => [
    ...(isOneScale ? [] : [`x${row.scale}`]),
    row.method,
    ...(verbose ? [row.image] : []),
    ...figures.map(({ figure, digits }) => {
      const value = shown(row.figures[figure], digits);
      const spread = row.deviation?.[figure];
      return spread === null || spread === undefined ? value : `${value} ±${spread.toFixed(digits)}`;
    }),
    String(row.n),
    shown(row.seconds, 1),
    shown(row.peakMiB, 0),
  ]);
  return { columns, rows };
}

/** A text table: its title line, then its rows. */
export function evaluationLines(evaluation: Evaluation, verbose: boolean): string[] {
  const { columns, rows } = cellsOf(evaluation, verbose);
  return layTable(columns, rows);
}

/** What the figures are of: one sentence for each scale's border. */
export function protocolLine({
  protocol,
  scales,
}: {
  readonly protocol: Protocol;
  readonly scales: readonly { readonly scale: number }[];
}): string {
  const borders = [...new Set(scales.map(({ scale }) => protocolBorder(protocol, scale)))];
  const words = protocolWords(protocol, borders[0] ?? 0);
  return borders.length === 1
    ? words
    : protocolWords(protocol, 0).replace(
        'no border cut',
        protocol === 'y' ? 'a border as wide as the scale cut' : 'a border of the scale and 6 pixels cut',
      );
}

function markdown(evaluation: Evaluation, verbose: boolean): string[] {
  const { columns, rows } = cellsOf(evaluation, verbose);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map(line),
    '',
    `${evaluation.dataset}. ${protocolLine(evaluation)}.`,
  ];
}

/** RFC 4180, with every digit; a row a picture, and one for each mean. */
function csv(evaluation: Evaluation): string[] {
  const names = FIGURE_COLUMNS.map(({ figure }) => figure);
  const head = [
    'dataset',
    'protocol',
    'scale',
    'method',
    'image',
    'n',
    ...names,
    ...names.map((name) => `${name}Deviation`),
    'seconds',
    'peakMiB',
  ];
  const rows = rowsOf(evaluation, true).map(({ figures, deviation, ...row }) => [
    evaluation.dataset,
    evaluation.protocol,
    row.scale,
    row.method,
    row.image,
    row.n,
    ...names.map((name) => figures[name]),
    ...names.map((name) => deviation?.[name]),
    row.seconds,
    row.peakMiB,
  ]);
  return csvLines([head, ...rows]);
}

const TEX_WORDS: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
const tex = (text: string): string =>
  text.replace(/[\\~^&%$#_{}]/g, (character) => TEX_WORDS[character] ?? `\\${character}`);

/** A table as papers have it (booktabs): a method a row, a scale a group of columns, best bold, second underlined. */
function latex(evaluation: Evaluation): string[] {
  const figures = columnsOf(evaluation).filter(({ figure }) =>
    evaluation.scales.some(({ results }) =>
      results.some(({ mean }) => mean[figure] !== null && mean[figure] !== undefined),
    ),
  );
  const methods = [
    ...new Set(evaluation.scales.flatMap(({ results }) => results.map(({ method }) => method))),
  ];
  const ranked = ({ figure, digits }: FigureColumn, results: readonly MeasuredMethod[]): string[] => {
    const values = [
      ...new Set(
        results.flatMap(({ mean }) =>
          typeof mean[figure] === 'number' ? [mean[figure].toFixed(digits)] : [],
        ),
      ),
    ];
    return values.sort((a, b) => (figure === 'lpips' ? Number(a) - Number(b) : Number(b) - Number(a)));
  };
  const rows = methods.map((method) => {
    const cells = evaluation.scales.flatMap(({ results }) =>
      figures.map((column) => {
        const found = results.find((one) => one.method === method)?.mean[column.figure];
        if (typeof found !== 'number') return '--';
        const text = found.toFixed(column.digits);
        const [best, second] = ranked(column, results);
        return text === best ? `\\textbf{${text}}` : text === second ? `\\underline{${text}}` : text;
      }),
    );
    return `${tex(method)} & ${cells.join(' & ')} \\\\`;
  });
  const groups = evaluation.scales.map(
    ({ scale }) => `\\multicolumn{${figures.length}}{c}{$\\times ${scale}$}`,
  );
  return [
    `% ${evaluation.dataset}: ${protocolLine(evaluation)}; needs \\usepackage{booktabs}`,
    `\\begin{tabular}{l${'r'.repeat(evaluation.scales.length * figures.length)}}`,
    '\\toprule',
    `method & ${groups.join(' & ')} \\\\`,
    ` & ${evaluation.scales.flatMap(() => figures.map(({ title }) => title)).join(' & ')} \\\\`,
    '\\midrule',
    ...rows,
    '\\bottomrule',
    '\\end{tabular}',
  ];
}

/** An evaluation in any form, as lines. */
export function evaluationAs(format: EvaluationFormat, evaluation: Evaluation, verbose: boolean): string[] {
  switch (format) {
    case 'text':
      return evaluationLines(evaluation, verbose);
    case 'markdown':
      return markdown(evaluation, verbose);
    case 'csv':
      return csv(evaluation);
    case 'latex':
      return latex(evaluation);
    case 'json':
      return [JSON.stringify(evaluationJson(evaluation))];
  }
}
