import type { Encoding, Page } from '../../shared/contract';
import { CONTROL_IDS, type Enlargement } from '../../shared/enlargement';

/** A word as any POSIX shell and PowerShell read it: bare where that is safe, else in single quotes. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-')) return word;
  return `'${word.replace(/'/g, `'\\''`)}'`;
}

/** A file's name as a word: one that begins with a dash would be read as an option. */
export const fileWord = (name: string): string => quoted(name.startsWith('-') ? `./${name}` : name);

/** What is exported, as the terminal is told: the same pixels in the same file. */
export interface CommandOrder {
  /** The photo's name; a page knows no path. */
  readonly photo: string;
  readonly page: Page;
  readonly output: string;
  readonly enlargement: Enlargement;
  readonly encoding: Encoding;
}

/** The line of `enlarger upscale` that makes the same file from the photo's folder. */
export function commandLine({ photo, page, output, enlargement, encoding }: CommandOrder): string {
  const { method, scale, region, options } = enlargement;
  const { format, quality, depth, strip, keepDate, provenance } = encoding;
  const controls = CONTROL_IDS.flatMap((id) => (options[id] === undefined ? [] : [`--${id} ${options[id]}`]));
  return [
    'enlarger upscale',
    fileWord(photo),
    `-o ${quoted(output)}`,
    ...(page === 1 ? [] : [`--page ${page}`]),
    `--method ${quoted(method.id)}`,
    `--scale ${scale}`,
    ...(region ? [`--region ${region.x},${region.y},${region.width},${region.height}`] : []),
    `--format ${format}`,
    ...(quality === undefined ? [] : [`--quality ${quality}`]),
    ...(depth === undefined ? [] : [`--depth ${depth}`]),
    ...(strip === undefined ? [] : [`--strip ${strip.join(',')}`]),
    ...(keepDate ? ['--keep-date'] : []),
    ...(provenance === false ? ['--no-provenance'] : []),
    ...(options.consistent ? ['--consistent'] : []),
    ...(options.ensemble ? ['--ensemble'] : []),
    ...(options.cascade ? ['--cascade'] : []),
    ...controls,
  ].join(' ');
}
