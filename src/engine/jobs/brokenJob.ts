import type { JobLine, Params } from '../../shared/contract';
import type { Journal } from './journal';
import { kindOf, type JobKinds, type Work } from './kind';
import { isDeadly, isKeptFailure, orderedLine, type JobState } from './ledger';
import type { Shelf } from './shelf';

/** A job that another engine left, in this engine's hands from now on. */
export interface TakenUp {
  readonly journal: Journal;
  readonly work: Work;
  /** Whether the engines that died must be laid at its door: it is not to be tried again. */
  readonly deadly: boolean;
}

/**
 * Takes a broken off job out of the shelf and makes its work ready to go on, or to begin `anew`, as one that has failed
 * always does. Undefined where
 * there is no such job. Throws what its kind refuses, such as a photo that has changed; the job is then as it was.
 */
export async function takeUp(
  shelf: Shelf,
  kinds: JobKinds,
  { job: id, anew, crashed, output }: Params<'job:resume'>,
): Promise<TakenUp | undefined> {
  const journal = await shelf.take(id);
  if (!journal) return undefined;
  const giveBack = async (): Promise<void> => {
    await journal.close();
    await shelf.release(id);
  };
  try {
    const { state } = journal;
    const folder = shelf.folders.pathOf(id);
    // What has failed left nothing to go on from.
    const isFresh = anew || isKeptFailure(state);
    const work = kindOf(kinds, state.kind)?.revive?.(state.order, { folder, output, anew: isFresh });
    if (!work || (state.end && !isKeptFailure(state))) {
      await giveBack();
      return undefined;
    }
    if (crashed && isDeadly(state)) {
      await work.clear?.(state.marks);
      return { journal, work, deadly: true };
    }
    if (isFresh) {
      await work.clear?.(state.marks);
      await journal.append({ record: 'anew', order: work.stored });
    } else {
      await work.check?.(state.marks);
      if (!crashed) await journal.append({ record: 'renewed', order: work.stored });
    }
    await shelf.folderFor(id); // a system that was started anew may have emptied its temporary folder
    return { journal, work, deadly: false };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** How a job on the shelf is listed; `held`: another engine works on it. What has failed is nobody's, so the lister's. */
export function shelvedLine(shelf: Shelf, state: JobState, held: boolean): JobLine {
  const { marks, end } = state;
  return {
    ...orderedLine(state),
    state: held ? 'elsewhere' : end ? 'failed' : 'broken',
    mine: !held && end !== undefined,
    progress: end ? null : (shelf.revived(state)?.reached?.(marks) ?? null),
    ...(end?.fault && { fault: end.fault }),
  };
}
