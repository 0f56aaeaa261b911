import { basename, extname, join } from 'node:path';
import { formatOfName, stemOf } from '../shared/fileName';
import { FORMATS, OUTPUT_FORMATS, type OutputFormat } from '../shared/formats';
import { WrongCall } from './exitStatus';
import { nameBy, type Named, type NamePattern } from './namePattern';
import type { PhotoFile } from './photoFiles';

/** Where results go, as the user named it. */
export interface OutputPlace {
  readonly kind: 'file' | 'folder';
  readonly path: string;
  readonly format: OutputFormat;
}

/** What stands at the output's path before anything is written. */
export type Existing = 'nothing' | 'file' | 'folder';

/**
 * Reads `-o`: a folder where `many` photos may go, where one stands already or where the path ends in a slash;
 * a file otherwise. The format is the option's, else the file extension's, else PNG. Throws `WrongCall`.
 */
export function readOutput(
  output: string,
  many: boolean,
  existing: Existing,
  format: OutputFormat | undefined,
): OutputPlace {
  const slash = /[/\\]$/.test(output);
  if (existing === 'file' && slash) {
    throw new WrongCall(`Expected -o ${output} to be a folder, but a file stands there.`);
  }
  if (existing === 'folder' || slash || many) {
    if (existing === 'file' || (existing === 'nothing' && !slash && formatOfName(output))) {
      throw new WrongCall(
        `Expected -o to be a folder for several photos, received the file name ${output}; end it with a slash if a folder is meant.`,
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

/** A photo with the `{name}` of its result. */
export interface NamedPhoto extends PhotoFile {
  readonly name: string;
}

/** The output's path of one photo, relative to the caller's folder when the user's own was. */
export function outputPath(
  place: OutputPlace,
  photo: NamedPhoto,
  pattern: NamePattern,
  rest: Omit<Named, 'name'>,
): string {
  if (place.kind === 'file') return place.path;
  const name = nameBy(pattern, { ...rest, name: photo.name });
  return join(place.path, photo.folder, `${name}.${FORMATS[place.format].extensions[0]}`);
}

/** Case and Unicode form folded: the file systems of Windows and macOS do so. */
const keyOf = ({ folder, name }: NamedPhoto): string => join(folder, name).normalize('NFC').toLowerCase();

/**
 * Names photos after their files without ending, and those that would have one name in one folder (a.jpg, a.png)
 * after the whole file name. Throws `WrongCall` where that is the same too, as of files from several folders.
 */
export function withNames(photos: readonly PhotoFile[]): NamedPhoto[] {
  let named = photos.map((photo) => ({ ...photo, name: stemOf(basename(photo.path)) || 'enlargement' }));
  for (;;) {
    const taken = new Map<string, NamedPhoto[]>();
    for (const photo of named) taken.set(keyOf(photo), [...(taken.get(keyOf(photo)) ?? []), photo]);
    const twins = [...taken.values()].filter((photos) => photos.length > 1);
    if (twins.length === 0) return named;
    const same = twins.find((photos) => photos.every(({ name, path }) => name === basename(path)));
    if (same) {
      const [first, second] = same as [NamedPhoto, NamedPhoto];
      throw new WrongCall(
        `Expected photos with different names for one -o folder: ${first.path} and ${second.path} would both become ${first.name}-...; enlarge them into two folders.`,
      );
    }
    const whole = new Set(twins.flat());
    named = named.map((photo) => (whole.has(photo) ? { ...photo, name: basename(photo.path) } : photo));
  }
}
