import { basename, extname, join } from 'node:path';
import { enlargementName, formatOfName, stemOf } from '../shared/fileName';
import { FORMATS, OUTPUT_FORMATS, type OutputFormat } from '../shared/formats';
import { WrongCall } from './exitStatus';

/** Where results go, as the user named it. */
export interface OutputPlace {
  readonly kind: 'file' | 'folder';
  readonly path: string;
  readonly format: OutputFormat;
}

/** What stands at the output's path before anything is written. */
export type Existing = 'nothing' | 'file' | 'folder';

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
    const endings = OUTPUT_FORMATS.map((one) => `.${FORMATS[one].extensions[0]}`);
    throw new WrongCall(
      `Expected -o to end in ${endings.slice(0, -1).join(', ')} or ${endings.at(-1)!}, received ${basename(output)}; rename it or add --format.`,
    );
  }
  return { kind: 'file', path: output, format: format ?? named ?? 'png' };
}

/** The output's path of one photo, relative to the caller's folder when the user's own was. */
export function outputPath(place: OutputPlace, input: string, method: string, scale: number): string {
  return place.kind === 'file'
    ? place.path
    : join(place.path, enlargementName(basename(input), method, scale, place.format));
}

/** Refuses photos whose enlargements would have the same name in one folder. Throws `WrongCall`. */
export function refuseTwins(inputs: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const input of inputs) {
    // Case and Unicode form folded: the file systems of Windows and macOS do so.
    const key = stemOf(basename(input)).normalize('NFC').toLowerCase();
    const twin = seen.get(key);
    if (twin !== undefined) {
      throw new WrongCall(
        `Expected photos with different names for one -o folder: ${twin} and ${input} would both become ${stemOf(basename(input))}-...; enlarge them into two folders.`,
      );
    }
    seen.set(key, input);
  }
}
