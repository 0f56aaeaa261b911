import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { FaultError, faultOf, type Fault } from '../shared/faults';
import { compareNames, isHiddenName, isOpenableName, isUnreadName } from '../shared/fileName';
import { INPUT_FORMATS, namesOf } from '../shared/formats';

/** A photo of a call. */
export interface PhotoFile {
  /** As the user typed it, or found below a folder that the user typed. */
  readonly path: string;
  /** The folder below the output in which its result belongs; empty for the output itself. */
  readonly folder: string;
}

export interface Gathered {
  readonly photos: readonly PhotoFile[];
  /** Inputs and folders in which nothing could be found, and why. */
  readonly faults: readonly { readonly input: string; readonly fault: Fault }[];
  /** Pictures, by their endings, of kinds that cannot be read, each once. */
  readonly unread: readonly string[];
}

const PICTURES = `pictures (${namesOf(INPUT_FORMATS, 'or')})`;

/** What an input is by its name and what stands there. */
export type InputKind = 'photo' | 'folder' | 'pattern';

/** A name that exists is meant as it is, whatever letters it has. */
export async function kindOfInput(input: string): Promise<InputKind> {
  const found = await stat(input).catch(() => undefined);
  if (found?.isDirectory()) return 'folder';
  return !found && /[*?[{]/.test(input) ? 'pattern' : 'photo';
}

/**
 * The photos that inputs mean: a file itself; of a folder all pictures in it and below, by their endings, hidden ones
 * and links to folders left out; of a pattern (`*`, `**`, `?`, `[abc]`, `{a,b}`) all that match. Each once, in natural
 * order (img2 before img10). `leaveOut`: the output's folder, which may lie inside an input. Of several folders each
 * keeps its own name in the output.
 */
export async function gatherPhotos(inputs: readonly string[], leaveOut: string): Promise<Gathered> {
  const kinds = await Promise.all(inputs.map(kindOfInput));
  const severalFolders = kinds.filter((kind) => kind !== 'photo').length > 1;
  const photos: PhotoFile[] = [];
  const faults: { input: string; fault: Fault }[] = [];
  const unread: string[] = [];
  for (const [at, input] of inputs.entries()) {
    const kind = kinds[at]!;
    if (kind === 'photo') {
      photos.push({ path: input, folder: '' });
      continue;
    }
    const before = photos.length;
    const top = severalFolders && kind === 'folder' ? basename(resolve(input)) : '';
    const walk: Walk = { leaveOut: resolve(leaveOut), photos, faults, unread };
    const faultsBefore = faults.length;
    if (kind === 'folder') await walkFolder(input, top, walk);
    else await matchPattern(input, walk);
    if (photos.length > before || faults.length > faultsBefore) continue;
    const where = kind === 'folder' ? `in the folder ${input}` : `that match ${input}`;
    const fault = new FaultError('not-found', `Expected ${PICTURES} ${where}, found none; check the name.`);
    faults.push({ input, fault: faultOf(fault) });
  }
  const seen = new Set<string>();
  const isNew = ({ path }: PhotoFile): boolean => !seen.has(resolve(path)) && !!seen.add(resolve(path));
  return { photos: photos.filter(isNew), faults, unread: [...new Set(unread)] };
}

interface Walk {
  readonly leaveOut: string;
  readonly photos: PhotoFile[];
  readonly faults: { input: string; fault: Fault }[];
  readonly unread: string[];
}

async function walkFolder(path: string, folder: string, walk: Walk): Promise<void> {
  if (resolve(path) === walk.leaveOut) return;
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const fault = new FaultError(
      'not-found',
      `Expected to read the folder ${path}, but could not (${code}); its photos are left out.`,
    );
    walk.faults.push({ input: path, fault: faultOf(fault) });
    return;
  }
  const shown = entries
    .filter(({ name }) => !isHiddenName(name))
    .sort((a, b) => compareNames(a.name, b.name));
  for (const entry of shown) {
    if (entry.isDirectory()) continue;
    if (isOpenableName(entry.name)) walk.photos.push({ path: join(path, entry.name), folder });
    else if (isUnreadName(entry.name)) walk.unread.push(join(path, entry.name));
  }
  for (const entry of shown) {
    if (entry.isDirectory()) await walkFolder(join(path, entry.name), join(folder, entry.name), walk);
  }
}

async function matchPattern(pattern: string, walk: Walk): Promise<void> {
  const slashed = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  // The tree below the part without wildcards is kept, as of a folder of that name.
  const parts = slashed.split('/');
  const fixed = parts.findIndex((part) => /[*?[{]/.test(part));
  const base = parts.slice(0, fixed).join('/') || (slashed.startsWith('/') ? '/' : '.');
  const rest = parts.slice(fixed).join('/');
  const found = await glob(rest, { cwd: base, followSymbolicLinks: false, expandDirectories: false });
  for (const below of found.sort(compareNames)) {
    const path = join(base, below);
    if (resolve(path).startsWith(walk.leaveOut + sep)) continue;
    if (isUnreadName(path)) walk.unread.push(path);
    if (!isOpenableName(path)) continue;
    const folder = below.split('/').slice(0, -1);
    walk.photos.push({ path, folder: folder.includes('..') ? '' : folder.join(sep) });
  }
}
