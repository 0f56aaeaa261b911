import type { OutputFormat } from './contract';

/** Extensions by which a file of each format is known, the usual one first. */
export const EXTENSIONS = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  webp: ['webp'],
  avif: ['avif'],
  tiff: ['tif', 'tiff'],
} as const satisfies Record<OutputFormat, readonly string[]>;

/** Extensions of the pictures that can be opened. */
export const OPENABLE = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'tif', 'tiff', 'gif'] as const;

/** Names that Windows keeps for devices, with or without an extension. */
const DEVICE_NAME = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** `name`, ending in an extension of `format`; the usual one is added where it does not. */
export function withExtension(name: string, format: OutputFormat): string {
  const known: readonly string[] = EXTENSIONS[format];
  const last = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return name.includes('.') && known.includes(last) ? name : `${name}.${EXTENSIONS[format][0]}`;
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
