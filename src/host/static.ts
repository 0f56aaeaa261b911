import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { cacheControlOf, contentTypeOf } from '../shared/pageFiles';

export interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly cache: string;
}

/** The page's files by their address. Looking one up is all that a request can do: no path reaches a disk. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** Reads the built page in `folder`, once, into memory (some hundred kilobytes); `/` is its index.html. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, PageFile>();
  for (const entry of entries) {
    const type = contentTypeOf(entry.name);
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const address = path.slice(folder.length).split(sep).join('/');
    const file = { bytes: await readFile(path), type, cache: cacheControlOf(address) };
    files.set(address, file);
    if (address === '/index.html') files.set('/', file);
  }
  if (!files.has('/')) {
    throw new Error(`Expected the built page (index.html) in ${folder}, found none; run: npm run build`);
  }
  return files;
}
