import type { Rect } from '../../shared/geometry';
import { rowsFirst, tileCount, type TilePlan } from '../../shared/tiles';
import type { EndTurn } from '../schedule/queue';
import type { Job } from './job';

/** Tiles computed or waiting to be written; a slow disk must not fill the memory. */
const TILES_UNDER_WAY = 8;

/** One tile: made in a turn, which `endTurn` gives back; what follows needs none. `index`: its place, row by row. */
export type MakeTile = (
  core: Rect<'output'>,
  index: number,
  endTurn: EndTurn,
  signal: AbortSignal,
) => Promise<void>;

interface Reached {
  /** Tiles that were made in an earlier run. */
  readonly already?: ReadonlySet<number>;
  readonly onDone?: (done: number, total: number) => void;
}

/**
 * Makes the tiles of a plan, row by row, but for those that are made `already`. A tile's turn ends when it is computed; it
 * is written while the next ones are, and the next is read before this one is done. The first failure stops
 * the others and is thrown when none is under way any more.
 */
export async function makeTiles(
  plan: TilePlan<'output'>,
  job: Pick<Job, 'signal' | 'turn'>,
  make: MakeTile,
  { already = new Set(), onDone }: Reached = {},
): Promise<void> {
  const total = tileCount(plan);
  const failing = new AbortController();
  const signal = AbortSignal.any([job.signal, failing.signal]);
  const underWay = new Set<Promise<void>>();
  let done = already.size;
  let failure: { error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    failing.abort();
  };

  onDone?.(done, total);
  try {
    for (const { core, row, column } of rowsFirst(plan)) {
      const index = row * plan.columns + column;
      if (already.has(index)) continue;
      const endTurn = await job.turn();
      if (failure) {
        endTurn();
        break;
      }
      const tile = make(core, index, endTurn, signal)
        .then(() => {
          done += 1;
          onDone?.(done, total);
        })
        .catch(fail)
        .finally(endTurn);
      underWay.add(tile);
      void tile.finally(() => underWay.delete(tile));
      if (underWay.size >= TILES_UNDER_WAY) await Promise.race(underWay);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(underWay);
  if (failure) throw failure.error;
}
