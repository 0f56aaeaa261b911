import { resolve } from 'node:path';
import { fileMark, removeStaging } from '../../codec/write/place';
import type { LastingJob } from '../job';
import type { Reached, UpscaleMark } from './marks';

/** Whether a file that was being moved to `target` when its engine died has come there. */
export async function isPlaced({ placing }: Pick<Reached, 'placing'>, target: string): Promise<boolean> {
  const found = await fileMark(target).catch(() => undefined);
  return placing.some(
    ({ target: wanted, file }) =>
      wanted === resolve(target) &&
      found?.inode === file.inode &&
      found.bytes === file.bytes &&
      found.changedAt === file.changedAt,
  );
}

/** Removes what engines that died left beside the outputs. */
export async function removeLeftovers({ staging }: Pick<Reached, 'staging'>): Promise<void> {
  for (const folder of staging) await removeStaging(folder);
}

/** Puts a folder beside an output into the ledger before it is made. */
export const onStaging =
  (job: LastingJob) =>
  (folder: string): Promise<void> => {
    const mark: UpscaleMark = { mark: 'staging', folder: resolve(folder) };
    return job.mark(mark);
  };
