import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../src/shared/manifest';
import { resources } from './methodSet';

/** Writes a model of the user's: a bundled method's files under another id. Gives the folder. */
export async function writeOwnModel(
  folder: string,
  id: string,
  from = 'fsrcnn',
  more: Partial<Manifest> = {},
): Promise<string> {
  await cp(join(resources, 'models', from), folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  await writeFile(path, JSON.stringify({ ...manifest, id, name: id, ...more }));
  return folder;
}
