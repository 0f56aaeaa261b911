import { basename, extname, join, parse } from 'node:path';
import type { OutputFormat } from '../shared/contract';
import { WrongCall } from './exitStatus';

const FORMAT_OF_EXTENSION: Readonly<Record<string, OutputFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.webp': 'webp',
  '.avif': 'avif',
  '.tif': 'tiff',
  '.tiff': 'tiff',
};
const EXTENSION_OF_FORMAT: Readonly<Record<OutputFormat, string>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  avif: 'avif',
  tiff: 'tiff',
};

/** Where results go, as the user named it. */
export interface OutputPlace {
  readonly kind: 'file' | 'folder';
  readonly path: string;
  readonly format: OutputFormat;
}

/** What stands at the output's path before anything is written. */
export type Existing = 'nothing' | 'file' | 'folder';

export const formatOfName = (name: string): OutputFormat | undefined =>
  FORMAT_OF_EXTENSION[extname(name).toLowerCase()];

/**
 * Reads `-o`: a folder where several photos go, where one stands already or where the path ends in a slash;
 * a file otherwise. The format is the option's, else the file extension's, else PNG. Throws `WrongCall`.
 */
export function readOutput(
  output: string,
  inputs: readonly string[],
  existing: Existing,
  format: OutputFormat | undefined,
): OutputPlace {
  const slash = /[/\\]$/.test(output);
  if (existing === 'file' && slash) {
    throw new WrongCall(`Expected -o ${output} to be a folder, but a file stands there.`);
  }
  if (existing === 'folder' || slash || inputs.length > 1) {
    if (existing === 'file' || (existing === 'nothing' && !slash && formatOfName(output))) {
      throw new WrongCall(
        `Expected -o to be a folder for ${inputs.length} photos, received the file name ${output}; end it with a slash if a folder is meant.`,
      );
    }
    return { kind: 'folder', path: output, format: format ?? 'png' };
  }
  const named = formatOfName(output);
  if (!format && !named && extname(output) !== '') {
    throw new WrongCall(
      `Expected -o to end in .png, .jpg, .webp, .avif or .tiff, received ${basename(output)}; rename it or add --format.`,
    );
  }
  return { kind: 'file', path: output, format: format ?? named ?? 'png' };
}

/** `photo-fsrcnn-x2.5.png`: the name of a photo's enlargement inside a folder. */
export function enlargementName(input: string, method: string, scale: number, format: OutputFormat): string {
  const factor = Number(scale.toFixed(3));
  return `${parse(input).name}-${method}-x${factor}.${EXTENSION_OF_FORMAT[format]}`;
}

/** The output's path of one photo, relative to the caller's folder when the user's own was. */
export function outputPath(place: OutputPlace, input: string, method: string, scale: number): string {
  return place.kind === 'file'
    ? place.path
    : join(place.path, enlargementName(input, method, scale, place.format));
}

/** Refuses photos whose enlargements would have the same name in one folder. Throws `WrongCall`. */
export function refuseTwins(inputs: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const input of inputs) {
    // Case and Unicode form folded: the file systems of Windows and macOS do so.
    const key = parse(input).name.normalize('NFC').toLowerCase();
    const twin = seen.get(key);
    if (twin !== undefined) {
      throw new WrongCall(
        `Expected photos with different names for one -o folder: ${twin} and ${input} would both become ${parse(input).name}-...; enlarge them into two folders.`,
      );
    }
    seen.set(key, input);
  }
}
