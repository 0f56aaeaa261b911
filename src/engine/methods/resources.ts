import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The folder `resources` of this installation: what Electron calls resourcesPath in a packaged application,
 * otherwise the nearest one above the running file. `undefined` where there is none.
 */
export async function findResources(from: string): Promise<string | undefined> {
  const candidates: string[] = [];
  const { resourcesPath } = process as { resourcesPath?: string };
  if (resourcesPath !== undefined) candidates.push(join(resourcesPath, 'resources'), resourcesPath);
  for (let folder = from; ; folder = dirname(folder)) {
    candidates.push(join(folder, 'resources'));
    if (folder === dirname(folder)) break;
  }
  for (const candidate of candidates) {
    const found = await access(join(candidate, 'models')).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return undefined;
}
