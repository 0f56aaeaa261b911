import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { protocol } from 'electron';
import { cacheControlOf, contentTypeOf, pageHeaders } from '../shared/pageFiles';

const SCHEME = 'enlarger';

/** Where the page lives: an origin of its own, unlike file://, which would share one with every file. */
export const PAGE_ORIGIN = `${SCHEME}://app`;
export const PAGE_ADDRESS = `${PAGE_ORIGIN}/`;

/** Before the app is ready: the scheme gets an origin and the rules of https. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Record<string, string>;
}

/** The built page in `folder` by its addresses, read once: no address from the page ever reaches the disk. */
async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = contentTypeOf(entry.name);
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const address = path.slice(folder.length).split(sep).join('/');
    const headers = { ...pageHeaders([]), 'content-type': type, 'cache-control': cacheControlOf(address) };
    files.set(address, { bytes: new Uint8Array(await readFile(path)), headers });
  }
  return files;
}

/** Serves the built page in `folder` under `PAGE_ADDRESS`; everything else is not found. */
export async function servePage(folder: string): Promise<void> {
  const files = await readPageFiles(folder);
  protocol.handle(SCHEME, (request) => {
    const { host, pathname } = new URL(request.url);
    const file = host === 'app' ? files.get(pathname === '/' ? '/index.html' : pathname) : undefined;
    if (file === undefined || request.method !== 'GET') return new Response(null, { status: 404 });
    return new Response(file.bytes, { headers: file.headers });
  });
}
