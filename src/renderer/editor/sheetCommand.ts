import { CONTROL_IDS, type Turned } from '../../shared/enlargement';
import { SHEET_WIDTH, type SheetDocumentInput } from '../../shared/sheet';
import { fileWord, quoted } from './commandLine';

const settingsOf = (turned: Turned): string[] => [
  ...(['ensemble', 'consistent', 'cascade'] as const).filter((name) => turned[name]),
  ...CONTROL_IDS.flatMap((id) => (turned[id] === undefined ? [] : [`${id}=${turned[id]}`])),
];

/** Labels up to the last one that says something: those after it are as without. */
function labelsOf(labels: readonly string[]): string[] {
  const last = labels.findLastIndex((label) => label !== '');
  return labels.slice(0, last + 1).map((label) => `--label ${label === '' ? "''" : quoted(label)}`);
}

/**
 * The line of `enlarger compare` that makes the same sheet, byte by byte, from a folder in which its photos lie; a
 * page knows no path.
 */
export function sheetCommand(document: SheetDocumentInput, output: string): string {
  const {
    photos,
    crops = [],
    proposals,
    methods,
    scales,
    layout = 'paper',
    truth = 'none',
    look = {},
  } = document;
  const ids = methods.map(({ id, turned = {} }) => [id, ...settingsOf(turned)].join(':')).join(',');
  const references = photos.flatMap(({ reference }) => (reference ? [reference.name] : []));
  return [
    'enlarger compare',
    ...photos.map(({ name }) => fileWord(name)),
    `-o ${fileWord(output)}`,
    `--method ${quoted(ids)}`,
    ...labelsOf(methods.map(({ label = '' }) => label)),
    `--scale ${scales.join(',')}`,
    `--layout ${layout}`,
    ...crops.map(({ region: { x, y, width, height } }) => `--region ${x},${y},${width},${height}`),
    ...(crops.length === 0 && proposals !== undefined ? [`--crops ${proposals}`] : []),
    ...(truth === 'hide' ? ['--hide'] : []),
    ...references.map((name) => `--reference ${fileWord(name)}`),
    ...(look.widthCm !== undefined && look.widthCm !== SHEET_WIDTH ? [`--width ${look.widthCm}cm`] : []),
    ...(look.theme !== undefined && look.theme !== 'light' ? [`--theme ${look.theme}`] : []),
    ...(look.cropZoom === undefined ? [] : [`--crop-zoom ${look.cropZoom}`]),
    ...(look.figures === false ? ['--no-figures'] : []),
    ...(look.errorMap ? ['--error-map'] : []),
    ...(look.scaleBar ? ['--scale-bar'] : []),
    ...(look.title ? [`--title ${quoted(look.title)}`] : []),
    ...(look.caption ? [`--caption ${quoted(look.caption)}`] : []),
  ].join(' ');
}
