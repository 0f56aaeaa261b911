import { FORMATS, OUTPUT_FORMATS, type OutputFormat } from './formats';

/** Names that Windows keeps for devices, with or without an extension. */
const DEVICE_NAME = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** What comes after a name's last dot, in small letters; empty without one. */
const extensionOf = (name: string): string =>
  name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';

const extensionsOf = (format: OutputFormat): readonly string[] => FORMATS[format].extensions;

/** A file's name without its extension; empty where there is no more. */
export const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');

/** The format that a name's extension stands for, among those that are written. */
export const formatOfName = (name: string): OutputFormat | undefined =>
  OUTPUT_FORMATS.find((format) => extensionsOf(format).includes(extensionOf(name)));

/** `name`, ending in an extension of `format`; the usual one is added where it does not. */
export const withExtension = (name: string, format: OutputFormat): string =>
  extensionsOf(format).includes(extensionOf(name)) ? name : `${name}.${FORMATS[format].extensions[0]}`;

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

/** What keeps a text from being a file name on one of the systems; null: nothing. */
export function nameProblem(name: string): 'empty' | 'characters' | 'long' | null {
  if (stemOf(name).trim() === '') return 'empty';
  if (/[\\/:*?"<>|]/.test(name) || Array.from(name).some((character) => character < ' ')) return 'characters';
  return name.length > 255 ? 'long' : null;
}

/**
 * A name that a page suggested, made fit to be a file's on every system: the last part of a path, without
 * control characters and the nine that Windows forbids, at most 200 characters, never empty or hidden.
 */
export function safeFileName(suggested: string, format: OutputFormat): string {
  const part = suggested.split(/[/\\]/).at(-1) ?? '';
  const plain = part
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const named = plain === '' || DEVICE_NAME.test(plain) ? `enlargement ${plain}`.trim() : plain;
  if (named.length <= 200) return withExtension(named, format);
  const dot = named.lastIndexOf('.');
  const stem = dot > 0 && named.length - dot <= 6 ? named.slice(0, dot) : named;
  return withExtension(stem.slice(0, 190), format);
}
