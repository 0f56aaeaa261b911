import { ref } from 'vue';
import type { JobLine } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import type { FileOrder } from '../editor/fileJobs';
import type { DoorParams, EngineClient } from '../engine/engineClient';
import type { useNotices } from './notices';

export interface ExportOrdersParts {
  readonly engine: Pick<EngineClient, 'ask'>;
  readonly notices: Pick<ReturnType<typeof useNotices>, 'add'>;
  /** Something is ordered: what was said of the last one is over. */
  readonly begin: () => void;
  /** A job of these was begun; `file`: what it makes, where it is an enlargement. */
  readonly begun: (line: JobLine, file?: FileOrder) => void;
  /** One of a batch could not be started: it stands among what failed. */
  readonly leftOut: (file: FileOrder, fault: Fault) => void;
}

/** Orders files from the door: one, several as a batch, or a sheet. */
export function exportOrders({ engine, notices, begin, begun, leftOut }: ExportOrdersParts) {
  /** Files that were ordered and of which the engine has not said yet that they begin. */
  const starting = ref(0);

  async function whileStarting<T>(files: number, order: Promise<T>): Promise<T> {
    starting.value += files;
    return order.finally(() => (starting.value -= files));
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
      const line = await whileStarting(1, engine.ask('door:export', { order, suggestedName: name }));
      begun(line, { order, name, megapixels });
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
    const asked = all.map(({ order, name }) => ({ order, suggestedName: name }));
    try {
      const lines = await whileStarting(all.length, engine.ask('door:exportAll', { files: asked, batch }));
      for (const [index, line] of lines.entries()) {
        const file = all[index]!;
        if ('job' in line) begun(line, file);
        else leftOut(file, line.fault);
      }
    } catch (thrown) {
      notBegun(thrown, () => void exportFiles(all));
    }
  }

  /** Makes a sheet into a file; a failure becomes a notice whose button tries again. */
  async function saveSheet(order: DoorParams<'door:sheet'>): Promise<void> {
    begin();
    try {
      begun(await whileStarting(1, engine.ask('door:sheet', order)));
    } catch (thrown) {
      notBegun(thrown, () => void saveSheet(order));
    }
  }

  return { starting, exportFile, exportFiles, saveSheet };
}
