import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FaultError } from '../../shared/faults';

const NAME = join('metrics', 'lpips_alex.npz');

export interface LpipsPlaces {
  /** The folder where Enlarger remembers things. */
  readonly home: string;
  /** The folder `resources` of this installation. */
  readonly resources: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Where the weights of LPIPS are installed; `undefined` where they are not: they are not ours to bundle.
 * Looked for at ENLARGER_LPIPS, which must then be there, in `metrics` of Enlarger's own folder, and in the
 * data folder that the training uses too (ENLARGER_DATA, or shared/data beside the repository).
 */
export async function findLpips({ home, resources, env }: LpipsPlaces): Promise<string | undefined> {
  const named = env['ENLARGER_LPIPS'];
  if (named) {
    if (await exists(named)) return named;
    throw new FaultError(
      'not-found',
      `Expected ENLARGER_LPIPS to name the weights of LPIPS (lpips_alex.npz), but ${named} is not there; ` +
        'correct it or take it away.',
      { file: named },
    );
  }
  const data = env['ENLARGER_DATA'] ?? (resources && join(dirname(resources), '..', 'shared', 'data'));
  for (const folder of [home, data]) {
    if (folder && (await exists(join(folder, NAME)))) return join(folder, NAME);
  }
  return undefined;
}
