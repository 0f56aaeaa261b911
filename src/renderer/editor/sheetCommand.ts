import type { Page } from '../../shared/contract';
import { settingsOf } from '../../shared/enlargement';
import { SHEET_WIDTH, type SheetDocumentInput } from '../../shared/sheet';
import { fileWord, quoted } from './commandLine';

/** Labels up to the last one that says something: those after it are as without. */
function labelsOf(labels: readonly string[]): string[] {
  const last = labels.findLastIndex((label) => label !== '');
  return labels.slice(0, last + 1).map((label) => `--label ${label === '' ? "''" : quoted(label)}`);
}

/** One for all photos, or one for each; none where all are the first. */
function pagesOf(pages: readonly Page[]): string[] {
  const [first = 1] = pages;
  if (pages.some((page) => page !== first)) return pages.map((page) => `--page ${page}`);
  return first === 1 ? [] : [`--page ${first}`];
}

/**
 * The line of `enlarger compare` that makes the same sheet, byte by byte, from a folder in which its photos lie; a
 * page knows no path. `evaluation`: the file of what is plotted.
 */
export function sheetCommand(
  document: SheetDocumentInput,
  output: string,
  evaluation: string | null = null,
): string {
  const {
    photos,
    crops = [],
    proposals,
    methods,
    scales,
    layout = 'paper',
    truth = 'none',
    style = {},
  } = document;
  const ids = methods.map(({ id, turned = {} }) => [id, ...settingsOf(turned)].join(':')).join(',');
  const references = photos.flatMap(({ reference }) => (reference ? [reference.name] : []));
  return [
    'enlarger compare',
    ...photos.map(({ name }) => fileWord(name)),
    ...pagesOf(photos.map(({ page = 1 }) => page)),
    `-o ${fileWord(output)}`,
    `--method ${quoted(ids)}`,
    ...labelsOf(methods.map(({ label = '' }) => label)),
    `--scale ${scales.join(',')}`,
    `--layout ${layout}`,
    ...crops.map(({ region: { x, y, width, height } }) => `--region ${x},${y},${width},${height}`),
    ...(crops.length === 0 && proposals !== undefined ? [`--crops ${proposals}`] : []),
    ...(truth === 'hide' ? ['--hide'] : []),
    ...references.map((name) => `--reference ${fileWord(name)}`),
    ...(style.widthCm !== undefined && style.widthCm !== SHEET_WIDTH ? [`--width ${style.widthCm}cm`] : []),
    ...(style.theme !== undefined && style.theme !== 'light' ? [`--theme ${style.theme}`] : []),
    ...(style.cropZoom === undefined ? [] : [`--crop-zoom ${style.cropZoom}`]),
    ...(style.figures === false ? ['--no-figures'] : []),
    ...(style.opinions === undefined ? [] : [`--opinions ${style.opinions}`]),
    ...(evaluation === null ? [] : [`--tradeoff ${fileWord(evaluation)}`]),
    ...(style.errorMap ? ['--error-map'] : []),
    ...(style.scaleBar ? ['--scale-bar'] : []),
    ...(style.title ? [`--title ${quoted(style.title)}`] : []),
    ...(style.caption ? [`--caption ${quoted(style.caption)}`] : []),
  ].join(' ');
}
