import { FORMATS, OPENABLE, OUTPUT_FORMATS, UNREAD, type OutputFormat } from './formats';

/** Names that Windows keeps for devices, with or without an extension. */
const DEVICE_NAME = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** What comes after a name's last dot, in small letters; empty without one. */
const extensionOf = (name: string): string =>
  name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';

const extensionsOf = (format: OutputFormat): readonly string[] => FORMATS[format].extensions;

/** Whether a name ends as those of pictures that can be opened. */
export const isOpenableName = (name: string): boolean => OPENABLE.includes(extensionOf(name));

/** Whether a name ends as those of pictures that people have and that cannot be opened. */
export const isUnreadName = (name: string): boolean => UNREAD.includes(extensionOf(name));

/** Whether systems hide a file or folder of this name: it is their own, such as another system's shadow of a photo. */
export const isHiddenName = (name: string): boolean => name.startsWith('.');

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
/** Names in natural order (img2 before img10), the same on every machine. */
export const compareNames = (a: string, b: string): number =>
  natural.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);

/** A file's name without its extension; empty where there is no more. */
export const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');

/** The format that a name's extension stands for, among those that are written. */
export const formatOfName = (name: string): OutputFormat | undefined =>
  OUTPUT_FORMATS.find((format) => extensionsOf(format).includes(extensionOf(name)));

/** `name`, ending in one of these extensions (without dots); the first is added where it does not. */
export const withOneOf = (name: string, extensions: readonly string[]): string =>
  extensions.includes(extensionOf(name)) ? name : `${name}.${extensions[0]!}`;

/** `name`, ending in an extension of `format`; the usual one is added where it does not. */
export const withExtension = (name: string, format: OutputFormat): string =>
  withOneOf(name, extensionsOf(format));

/** `name` with the usual extension of `format` in the place of another format's. */
export function renameFor(name: string, format: OutputFormat): string {
  const stem = formatOfName(name) === undefined ? name : stemOf(name);
  return `${stem}.${FORMATS[format].extensions[0]}`;
}

/** `photo-fsrcnn-x2.5.tiff`: the name of a photo's enlargement, which says what was done. */
export function enlargementName(
  photoName: string,
  method: string,
  scale: number,
  format: OutputFormat,
): string {
  const factor = Number(scale.toFixed(3));
  return `${stemOf(photoName) || 'enlargement'}-${method}-x${factor}.${FORMATS[format].extensions[0]}`;
}

/** The words that a name pattern can have in braces. */
export const NAME_WORDS = ['name', 'region', 'method', 'scale', 'width', 'height'] as const;
export type NameWords = Readonly<Record<(typeof NAME_WORDS)[number], string | number>>;

/**
 * A name by a pattern: `{name}-{region}-{method}-x{scale}` gives `photo-eye-edsr-x4`. A word that is empty takes
 * the sign that joins it along, so that the same pattern serves photos and regions; any other brace stays as it is.
 */
export function nameByPattern(pattern: string, words: NameWords): string {
  const of = (word: string): string | null =>
    Object.hasOwn(words, word) ? String(words[word as keyof NameWords]) : null;
  return pattern
    .replace(/[-_ ]?\{(\w+)\}/g, (whole, word: string) => (of(word) === '' ? '' : whole))
    .replace(/\{(\w+)\}/g, (whole, word: string) => of(word) ?? whole);
}

/** Names that are told apart: a later one that is the same gets ` (2)`, ` (3)` before its extension. */
export function distinctNames(names: readonly string[]): string[] {
  // Case and Unicode form folded: the file systems of Windows and macOS do so.
  const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();
  const used = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let distinct = name;
    for (let n = 2; used.has(keyOf(distinct)); n += 1) distinct = `${stem} (${n})${extension}`;
    used.add(keyOf(distinct));
    return distinct;
  });
}

/** What keeps a text from being a file name on one of the systems; null: nothing. */
export function nameProblem(name: string): 'empty' | 'characters' | 'long' | null {
  if (stemOf(name).trim() === '') return 'empty';
  if (/[\\/:*?"<>|]/.test(name) || Array.from(name).some((character) => character < ' ')) return 'characters';
  return name.length > 255 ? 'long' : null;
}

/**
 * A name that a page suggested, made fit to be a file's on every system: the last part of a path, without
 * control characters and the nine that Windows forbids, at most 200 characters, never empty or hidden; it ends in
 * one of these extensions.
 */
export function safeName(suggested: string, extensions: readonly string[]): string {
  const part = suggested.split(/[/\\]/).at(-1) ?? '';
  const plain = part
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const named = plain === '' || DEVICE_NAME.test(plain) ? `enlargement ${plain}`.trim() : plain;
  if (named.length <= 200) return withOneOf(named, extensions);
  const dot = named.lastIndexOf('.');
  const stem = dot > 0 && named.length - dot <= 6 ? named.slice(0, dot) : named;
  return withOneOf(stem.slice(0, 190), extensions);
}

/** The same of an enlargement's file, by its format. */
export const safeFileName = (suggested: string, format: OutputFormat): string =>
  safeName(suggested, extensionsOf(format));
