import { computed, shallowRef } from 'vue';
import type { JobLine } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import type { FailedJob, FileOrder } from '../editor/fileJobs';
import type { EngineClient } from '../engine/engineClient';
import type { exportMemory } from './exportMemory';
import type { useNotices } from './notices';

export interface FailedJobsParts {
  readonly engine: Pick<EngineClient, 'ask' | 'call'>;
  readonly notices: Pick<ReturnType<typeof useNotices>, 'add' | 'clear'>;
  readonly memory: Pick<ReturnType<typeof exportMemory>, 'leftOuts' | 'ended' | 'forget'>;
  /** A job that had failed is under way again. */
  readonly taken: (line: JobLine) => void;
  readonly exportFile: (order: FileOrder['order'], name: string, megapixels: number) => Promise<void>;
  readonly tell: (thrown: unknown) => void;
}

/** Exports that failed, in the ledger or before they came into it: told of, begun anew, forgotten. */
export function failedJobs({ engine, notices, memory, taken, exportFile, tell }: FailedJobsParts) {
  const inLedger = shallowRef<readonly FailedJob[]>([]);
  const failed = computed(() => [...inLedger.value, ...memory.leftOuts.value.values()]);

  const strike = (id: string): void => {
    inLedger.value = inLedger.value.filter((one) => one.id !== id);
  };

  const forget = (id: string): void => {
    strike(id);
    memory.forget(id);
    engine.call('job:drop', { job: id }).catch(() => undefined);
  };

  /** `isHeard`: just now, and not found in the ledger. */
  function add(line: JobLine, fault: Fault, file: FileOrder | null, isHeard: boolean): void {
    const { job, title, batch, kind } = line;
    const one: FailedJob = { id: job, name: title, fault, file, canRetry: kind === 'upscale' };
    // The same file that fails once more for the same reason takes the place of what is known.
    for (const { id, name, fault: known } of inLedger.value)
      if (name === title && known.message === fault.message) forget(id);
    inLedger.value = [...inLedger.value, one];
    memory.ended(job, 'failed');
    // Those of a batch stand in the queue alone: a hundred notices help nobody. Nor is what is known told again.
    if (batch !== undefined || !isHeard) return;
    const next = one.canRetry && { next: { label: 'notice.again', run: () => void retry(one) } };
    notices.add({ place: 'export', fault, ...next });
  }

  /** Lets one begin anew that has failed. */
  async function retry({ id, file }: FailedJob): Promise<void> {
    notices.clear('export');
    try {
      taken(await engine.ask('door:resume', { job: id, anew: true }));
    } catch (thrown) {
      const fault = faultOf(thrown);
      // A ledger that could not be written, or never had it, has kept nothing: then it is a new job.
      if (fault.code !== 'not-found' || !file) tell(thrown);
      else {
        forget(id);
        await exportFile(file.order, file.name, file.megapixels);
      }
    }
  }

  return {
    failed,
    add,
    strike,
    forget,
    retry,
    /** Those of the ledger that are failed in it no more: another page may have dropped them, or let them begin anew. */
    keepOnly(still: ReadonlySet<string>): void {
      inLedger.value = inLedger.value.filter(({ id }) => still.has(id));
    },
    /** Lets all begin anew that have failed and can. */
    retryAll: async (): Promise<void> => {
      for (const one of failed.value) if (one.canRetry) await retry(one);
    },
    forgetAll: (): void => failed.value.forEach(({ id }) => forget(id)),
  };
}
