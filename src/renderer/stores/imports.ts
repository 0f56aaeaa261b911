import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import {
  jobKinds,
  readBy,
  type ImportFindings,
  type JobLine,
  type OfferedModel,
} from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import { useEngine } from '../engine/connect';
import { useNotices } from './notices';

/** A model between its arrival and its end as a method: tried first, kept only when the user says so. */
export interface Arrival {
  /** Of its file. */
  readonly name: string;
  readonly stage: 'trying' | 'found' | 'keeping' | 'refused';
  /** What was found out by trying it; null of one that Enlarger exported, whose manifest says it. */
  readonly findings: ImportFindings | null;
  /** Why it cannot be kept: of the model itself where it was refused, else of the last try to keep it. */
  readonly fault: Fault | null;
}

/** What the user says of a model that is to be kept; an empty text is nothing said. */
export interface ModelWords {
  readonly name: string;
  readonly licence: string;
  readonly source: string;
}

const said = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

/** Models of somebody else's that come by hand, one after the other. */
export const useImports = defineStore('imports', () => {
  const engine = useEngine();
  const notices = useNotices();
  const arrival = shallowRef<Arrival | null>(null);
  const waiting = ref<File[]>([]);
  /** What came last and became a method. */
  const kept = shallowRef<{ readonly id: string; readonly name: string } | null>(null);
  /** The file, as its door knows it. */
  let offered: OfferedModel | null = null;
  /** The job at hand. Its end may be told before its beginning is answered. */
  let job: string | null = null;
  const ended = new Map<string, JobLine>();
  const keptNames = new Map<string, string>();

  const change = (part: Partial<Arrival>): void => {
    if (arrival.value) arrival.value = { ...arrival.value, ...part };
  };

  async function start(keep: ModelWords | null): Promise<void> {
    const model = offered;
    if (!model) return;
    const words = keep && { name: keep.name.trim(), licence: said(keep.licence), source: said(keep.source) };
    change({ stage: keep ? 'keeping' : 'trying', fault: null });
    try {
      const line = await engine.ask('model:import', { model: model.model, ...words, keep: keep !== null });
      if (offered !== model) {
        stopJob(line.job); // closed meanwhile
        return;
      }
      job = line.job;
      if (keep) keptNames.set(line.job, keep.name.trim());
      const before = ended.get(line.job);
      if (before) end(before);
    } catch (thrown) {
      refuse(faultOf(thrown), keep !== null);
    }
  }

  function refuse(fault: Fault, wasKeeping: boolean): void {
    change({ stage: wasKeeping ? 'found' : 'refused', fault });
  }

  function end(line: JobLine): void {
    if (line.kind !== 'import') return;
    if (line.job !== job) {
      ended.set(line.job, line);
      return;
    }
    job = null;
    const name = keptNames.get(line.job);
    if (line.state === 'failed' && line.fault) refuse(line.fault, name !== undefined);
    if (line.state !== 'done') return;
    const { id, findings } = readBy(jobKinds.import.result, line.result, 'result of an import');
    if (name === undefined) {
      change({ stage: 'found', findings });
      return;
    }
    kept.value = { id, name };
    close();
  }

  const stopJob = (id: string): void => {
    engine.call('job:stop', { job: id }).catch(() => undefined);
  };

  /** Ends with this one, whatever it is at, and takes the next. */
  function close(): void {
    if (job !== null) stopJob(job);
    job = null;
    if (offered) engine.ask('model:forget', { model: offered.model }).catch(() => undefined);
    offered = null;
    arrival.value = null;
    const [next, ...rest] = waiting.value;
    waiting.value = rest;
    if (next) void take(next.name, () => engine.offerModel(next));
  }

  /** Takes a model in and tries it. */
  async function take(name: string, arrive: () => Promise<OfferedModel | null>): Promise<void> {
    const mine: Arrival = { name, stage: 'trying', findings: null, fault: null };
    arrival.value = mine;
    try {
      const model = await arrive();
      if (arrival.value !== mine) {
        if (model) engine.ask('model:forget', { model: model.model }).catch(() => undefined);
        return;
      }
      if (!model) {
        arrival.value = null;
        return;
      }
      offered = model;
      change({ name: model.name });
      await start(null);
    } catch (thrown) {
      if (arrival.value === mine) refuse(faultOf(thrown), false);
    }
  }

  onScopeDispose(engine.on('job:ended', ({ line }) => end(line)));

  return {
    arrival,
    kept,
    isOpen: computed(() => arrival.value !== null),
    /** Files that were dropped or chosen; one is shown at a time. */
    offer(files: readonly File[]): void {
      waiting.value = [...waiting.value, ...files];
      if (!arrival.value) close();
    },
    /** The desktop's own dialog. */
    async choose(): Promise<void> {
      const model = await engine.ask('model:choose', {}).catch((thrown: unknown) => {
        notices.add({ place: 'engine', fault: faultOf(thrown) });
        return null;
      });
      if (model && !arrival.value) await take(model.name, () => Promise.resolve(model));
      else if (model) engine.ask('model:forget', { model: model.model }).catch(() => undefined);
    },
    keep: (words: ModelWords) => start(words),
    close,
  };
});
