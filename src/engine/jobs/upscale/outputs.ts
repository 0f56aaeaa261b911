import { resolve } from 'node:path';
import { fileMark, removeStaging } from '../../codec/write/place';
import type { Reached } from './marks';

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
