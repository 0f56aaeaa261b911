import { ref } from 'vue';
import type { JobLine } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import type { FileOrder } from '../editor/fileJobs';
import type { DoorParams, EngineClient } from '../engine/engineClient';
import type { exportMemory } from './exportMemory';
import type { useNotices } from './notices';

export interface ExportOrdersParts {
  readonly engine: Pick<EngineClient, 'ask' | 'call' | 'state'>;
  readonly notices: Pick<ReturnType<typeof useNotices>, 'add'>;
  /** What is remembered of orders that may not begin. */
  readonly memory: Pick<ReturnType<typeof exportMemory>, 'order' | 'settle'>;
  /** Something is ordered: what was said of the last one is over. */
  readonly begin: () => void;
  /** A job of these was begun; `file`: what it makes, where it is an enlargement. */
  readonly begun: (line: JobLine, file?: FileOrder) => void;
  /** One of a batch could not be started: it stands among what failed. */
  readonly leftOut: (file: FileOrder, fault: Fault) => void;
}

/** Orders files from the door: one, several as a batch, or a sheet. */
export function exportOrders({ engine, memory, notices, begin, begun, leftOut }: ExportOrdersParts) {
  /** Files that were ordered and of which the engine has not said yet that they begin. */
  const starting = ref(0);
  /** Orders whose answer this connection still owes. */
  const asked = new Set<string>();

  async function whileStarting<T>(files: number, order: Promise<T>): Promise<T> {
    starting.value += files;
    return order.finally(() => (starting.value -= files));
  }

  /**
   * Orders files by names of the page's own, which its session writes down meanwhile: should the door end before all
   * have begun, the others are known. `answered` takes over what began before the order is struck: at no moment is a
   * file neither ordered nor begun. Where the connection is lost, what began is found out when it is back.
   */
  async function ordered<T>(
    files: readonly FileOrder[],
    ask: (files: readonly DoorParams<'door:export'>[]) => Promise<T>,
    answered: (answer: T) => void,
  ): Promise<void> {
    const each = files.map((file) => ({ orderId: crypto.randomUUID(), file }));
    const ids = each.map(({ orderId }) => orderId);
    memory.order(each);
    for (const id of ids) asked.add(id);
    try {
      const orders = each.map(({ orderId, file: { order, name } }) => ({
        order,
        suggestedName: name,
        orderId,
      }));
      answered(await whileStarting(files.length, ask(orders)));
      memory.settle(ids);
    } catch (thrown) {
      if (engine.state === 'lost') return;
      memory.settle(ids);
      throw thrown;
    } finally {
      for (const id of ids) asked.delete(id);
    }
  }

  /** What could not even begin becomes a notice whose button tries again; a dialog that was closed is no failure. */
  function notBegun(thrown: unknown, again: () => void): void {
    const fault = faultOf(thrown);
    if (fault.code === 'stopped') return;
    notices.add({ place: 'export', fault, next: { label: 'notice.again', run: again } });
  }

  /** Enlarges into a file; a failure becomes a notice whose button tries again. */
  async function exportFile(order: FileOrder['order'], name: string, megapixels = 0): Promise<void> {
    begin();
    try {
      const file = { order, name, megapixels };
      await ordered(
        [file],
        ([one]) => engine.ask('door:export', one!),
        (line) => begun(line, file),
      );
    } catch (thrown) {
      notBegun(thrown, () => void exportFile(order, name, megapixels));
    }
  }

  /** Enlarges into several files, one job each: one batch. */
  async function exportFiles(all: readonly FileOrder[]): Promise<void> {
    const [first] = all;
    if (!first) return;
    if (all.length === 1) {
      await exportFile(first.order, first.name, first.megapixels);
      return;
    }
    begin();
    const batch = `batch-${Date.now().toString(36)}`;
    try {
      await ordered(
        all,
        (files) => engine.ask('door:exportAll', { files: [...files], batch }),
        (lines) => {
          for (const [index, line] of lines.entries()) {
            const file = all[index]!;
            if ('job' in line) begun(line, file);
            else leftOut(file, line.fault);
          }
        },
      );
    } catch (thrown) {
      notBegun(thrown, () => void exportFiles(all));
    }
  }

  /** Whether the door has begun an order, or finished it, though its answer was lost. */
  async function hasBegun(orderId: string): Promise<boolean> {
    const lines = (await engine.call('jobs:list', {})).filter(({ state }) => state !== 'failed');
    const finished = await engine.ask('door:finished', {}).catch(() => []);
    return [...lines, ...finished].some((one) => one.orderId === orderId);
  }

  /**
   * Makes a sheet into a file; a failure becomes a notice whose button tries again. One whose answer was lost with the
   * connection may have begun: then it is not made twice, and the ledger tells of it.
   */
  async function saveSheet(order: DoorParams<'door:sheet'>): Promise<void> {
    const named = { ...order, orderId: order.orderId ?? crypto.randomUUID() };
    begin();
    try {
      if (order.orderId !== undefined && (await hasBegun(order.orderId))) return;
      begun(await whileStarting(1, engine.ask('door:sheet', named)));
    } catch (thrown) {
      notBegun(thrown, () => void saveSheet(named));
    }
  }

  return {
    starting,
    isAsked: (orderId: string): boolean => asked.has(orderId),
    exportFile,
    exportFiles,
    saveSheet,
  };
}
