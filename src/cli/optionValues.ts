import {
  DEGRADATIONS,
  DEVICES,
  EMBEDDED,
  KEPT_PARTS,
  LOSS_NAMES,
  METADATA_PARTS,
  METRIC_FILES,
  PAGES_MAX,
  type Degradation,
  type Device,
  type KeptPart,
  type LossName,
  type MetricFile,
  type Page,
} from '../shared/contract';
import { formatOfName } from '../shared/fileName';
import { OUTPUT_FORMATS, type OutputFormat } from '../shared/formats';
import { rect, SCALE_MAX, SCALE_MIN, type Rect } from '../shared/geometry';
import { PROTOCOLS, type Protocol } from '../shared/protocols';
import { EVALUATION_FORMATS, type EvaluationFormat } from '../shared/evaluationTables';
import { WrongCall } from './exitStatus';

/** Readers of option values as typed; each throws `WrongCall` with a sentence that names its option. */

const DECIMAL = /^\d+(\.\d*)?$|^\.\d+$/;
/** Learning rates and noise are written so. */
const SCIENTIFIC = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const WHOLE = /^\d+$/;

function refuse(option: string, expected: string, received: string): never {
  throw new WrongCall(
    `Expected ${option} to be ${expected}, received ${received === '' ? 'nothing' : received}.`,
  );
}

/** A whole number from `min` to `max`. */
export function readWhole(option: string, text: string, min: number, max: number): number {
  const value = WHOLE.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const limits = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return refuse(option, `a whole number ${limits}`, text);
}

/** Which picture of a file. */
export function readPage(text: string): Page {
  if (text === EMBEDDED) return EMBEDDED;
  const value = WHOLE.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= PAGES_MAX) return value;
  return refuse(
    '--page',
    `a whole number from 1 to ${PAGES_MAX}, or ${EMBEDDED} (the JPEG in camera raw)`,
    text,
  );
}

/** The page of each of several photos: one for all, or one for each. */
export function readPages(texts: readonly string[], photos: number): readonly Page[] {
  const pages = texts.map(readPage);
  if (pages.length === 1) return Array.from({ length: photos }, () => pages[0]!);
  if (pages.length === 0 || pages.length === photos) return pages;
  throw new WrongCall(
    `Expected one --page for all photos, or one for each of the ${photos}, received ${pages.length}.`,
  );
}

/** A real enlargement factor. */
export function readScale(text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (value >= SCALE_MIN && value <= SCALE_MAX) return value;
  return refuse('--scale', `a number from ${SCALE_MIN} to ${SCALE_MAX}`, text);
}

/** A number from `min` to `max`, also as 1e-4. */
export function readReal(option: string, text: string, min: number, max: number): number {
  const value = SCIENTIFIC.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  return refuse(option, `a number from ${min} to ${max}`, text);
}

/** A number from 0 to 1. */
export function readShare(option: string, text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  return refuse(option, 'a number from 0 to 1', text);
}

/** `X,Y,W,H` in source pixels. */
export function readRegion(text: string): Rect<'source'> {
  const parts = text.split(',').map((part) => part.trim());
  const [x, y, width, height] = parts.map((part) => (WHOLE.test(part) ? Number(part) : Number.NaN));
  if (parts.length !== 4 || ![x, y, width, height].every(Number.isSafeInteger) || width! < 1 || height! < 1) {
    refuse(
      '--region',
      'X,Y,W,H in whole pixels of the photo with W and H at least 1, such as 100,80,256,256',
      text,
    );
  }
  return rect<'source'>(x!, y!, width!, height!);
}

/** One of a few names, in whatever case. */
export function readOneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((name) => name === text.toLowerCase());
  return found ?? refuse(option, `one of ${known.join(', ')}`, text);
}

/** Extensions such as `jpg` and `tif` are taken for what they mean. */
export const readFormat = (text: string): OutputFormat =>
  formatOfName(`.${text}`) ?? readOneOf('--format', text, OUTPUT_FORMATS);

export const readDevice = (text: string): Device => readOneOf('--device', text, DEVICES);
export const readProtocol = (text: string): Protocol => readOneOf('--protocol', text, PROTOCOLS);
export const readDegradation = (text: string): Degradation => readOneOf('--degradation', text, DEGRADATIONS);
export const readMetric = (text: string): MetricFile => readOneOf('--metric', text, METRIC_FILES);
export const readLoss = (text: string): LossName => readOneOf('--loss', text, LOSS_NAMES);
export const readQuality = (text: string): number => readWhole('--quality', text, 1, 100);
export const readPixels = (option: '--width' | '--height', text: string): number =>
  readWhole(option, text, 1, Number.MAX_SAFE_INTEGER);

export function readDepth(text: string): 8 | 16 {
  if (text === '8') return 8;
  if (text === '16') return 16;
  return refuse('--depth', '8 or 16', text);
}

export const readEvaluationFormat = (text: string): EvaluationFormat =>
  readOneOf('--format', text, EVALUATION_FORMATS);

/** `2,3,4`, `2.5`, `6..30` (every whole number of them), each once, in the order given; above 1 and up to 30. */
export function readScales(text: string): number[] {
  const expected = `numbers above 1 and up to ${SCALE_MAX}, such as 4 or 2,3,4 or 2.5 or 6..30`;
  const scales = text.split(',').flatMap((part) => {
    const [, from, to] = /^\s*(\d+)\.\.(\d+)\s*$/.exec(part) ?? [];
    if (from === undefined || to === undefined)
      return DECIMAL.test(part.trim()) ? [Number(part)] : [Number.NaN];
    const [first, last] = [Number(from), Number(to)];
    if (!(first <= last && last <= SCALE_MAX)) return [Number.NaN];
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });
  if (!scales.every((scale) => scale > SCALE_MIN && scale <= SCALE_MAX)) refuse('--scale', expected, text);
  return [...new Set(scales)];
}

/** `ID[,ID...]`, each once, in the order given. */
export function readMethods(text: string): string[] {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.some((id) => id === '')) refuse('--method', 'method ids separated by commas', text);
  return [...new Set(ids)];
}

/** What of a photo is left out: `all` of its metadata, or parts separated by commas, each once. */
export function readStrip(text: string): KeptPart[] {
  if (text === 'all') return [...METADATA_PARTS];
  const parts = text.split(',').map((part) => part.trim());
  const isPart = (part: string): part is KeptPart => (KEPT_PARTS as readonly string[]).includes(part);
  if (!parts.every(isPart)) refuse('--strip', `all, or some of ${KEPT_PARTS.join(', ')}`, text);
  return KEPT_PARTS.filter((part) => parts.includes(part));
}
