import { EXPORTS_MAX } from '../../shared/contract';
import type { FileOrder } from '../editor/fileJobs';
import type { EngineClient } from '../engine/engineClient';
import type { exportMemory } from './exportMemory';

export interface NotBegunParts {
  readonly engine: Pick<EngineClient, 'ask'>;
  readonly memory: ReturnType<typeof exportMemory>;
  /** Strikes off what the ledger has and what is finished; false: the ledger could not be read. */
  readonly findLeft: () => Promise<boolean>;
  /** Whether an order's answer is still to come. */
  readonly isAsked: (orderId: string) => boolean;
  readonly exportFiles: (files: readonly FileOrder[]) => Promise<void>;
}

/** What was ordered and never began, since its door ended or its page was gone: found out, ordered anew, or dropped. */
export function notBegunOrders({ engine, memory, findLeft, isAsked, exportFiles }: NotBegunParts) {
  /**
   * Once the door has begun what it can: what is neither in the ledger nor finished then will not begin any more. True:
   * the ledger was read for it.
   */
  async function find(): Promise<boolean> {
    if (memory.ordered.value.length === 0) return false;
    try {
      await engine.ask('door:ordered', {});
    } catch {
      return false; // the connection was lost: it is asked again when that is back
    }
    const isRead = await findLeft();
    if (isRead) memory.lose(isAsked);
    return isRead;
  }

  /** Orders them anew; absent: all. */
  async function begin(orderIds = memory.notBegun.value.map(({ orderId }) => orderId)): Promise<void> {
    const chosen = new Set(orderIds);
    const files = memory.notBegun.value.filter(({ orderId }) => chosen.has(orderId)).map(({ file }) => file);
    memory.settle(chosen);
    for (let from = 0; from < files.length; from += EXPORTS_MAX)
      await exportFiles(files.slice(from, from + EXPORTS_MAX));
  }

  return { find, begin, drop: (orderId: string): void => memory.settle([orderId]) };
}
