import { access, copyFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { MetricFile } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { makeFolders } from '../state/folders';

/** What each metric's file is called where it is installed, and who calls it what. */
export const METRIC_FILE_FACTS: Record<MetricFile, { readonly file: string; readonly holds: string }> = {
  lpips: { file: 'lpips_alex.npz', holds: 'the weights of LPIPS v0.1 with AlexNet' },
  niqe: { file: 'niqe_pris_params.npz', holds: "NIQE's model of natural pictures" },
};

export interface MetricPlaces {
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

const installedPath = (metric: MetricFile, home: string): string =>
  join(home, 'metrics', METRIC_FILE_FACTS[metric].file);

/**
 * Where a metric's file is installed; `undefined` where it is not: these are not ours to bundle. Looked for at
 * ENLARGER_LPIPS or ENLARGER_NIQE, which must then be there, in `metrics` of Enlarger's own folder, and in the data
 * folder that the training uses too (ENLARGER_DATA, or shared/data beside the repository).
 */
export async function findMetricFile(
  metric: MetricFile,
  { home, resources, env }: MetricPlaces,
): Promise<string | undefined> {
  const variable = `ENLARGER_${metric.toUpperCase()}`;
  const { file, holds } = METRIC_FILE_FACTS[metric];
  const named = env[variable];
  if (named) {
    if (await exists(named)) return named;
    throw new FaultError(
      'not-found',
      `Expected ${variable} to name ${holds} (${file}), but ${named} is not there; correct it or take it away.`,
      { file: named },
    );
  }
  const data = env['ENLARGER_DATA'] ?? (resources && join(dirname(resources), '..', 'shared', 'data'));
  for (const folder of [home, data]) {
    if (folder && (await exists(installedPath(metric, folder)))) return installedPath(metric, folder);
  }
  return undefined;
}

/** Copies a metric's file into Enlarger's own folder, whole or not at all, over one that is there; where it lies now. */
export async function installMetricFile(metric: MetricFile, from: string, home: string): Promise<string> {
  const path = installedPath(metric, home);
  const fresh = `${path}.new-${randomUUID()}`;
  try {
    await makeFolders(dirname(path));
    await copyFile(from, fresh);
    await rename(fresh, path);
    return path;
  } catch (error) {
    await rm(fresh, { force: true });
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && !(await exists(from));
    if (isMissing) {
      throw new FaultError(
        'not-found',
        `Expected ${METRIC_FILE_FACTS[metric].holds} at ${from}, found no file there; check the name.`,
        { file: from },
      );
    }
    throw new FaultError(
      'output-unwritable',
      `Expected to be able to write ${dirname(path)}, but could not; make room there, or set ENLARGER_HOME to another folder.`,
      { file: dirname(path), detail: String(error) },
    );
  }
}
