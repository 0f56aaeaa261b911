import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref } from 'vue';
import {
  jobKinds,
  readBy,
  type JobLine,
  type JobProgress,
  type UpscaleDone,
  type UpscaleOrder,
} from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import { useEngine } from '../engine/connect';
import { useNotices } from './notices';

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly state: 'running' | 'stopping';
  readonly progress: JobProgress | null;
}

export interface Saved {
  readonly job: string;
  readonly name: string;
  readonly done: UpscaleDone;
}

const isUnderWay = ({ state }: JobLine): boolean =>
  state === 'queued' || state === 'running' || state === 'paused';

/** This page's exports under way, in the engine's ledger, and the last one that was saved. */
export const useJobs = defineStore('jobs', () => {
  const engine = useEngine();
  const notices = useNotices();
  const jobs = ref<Job[]>([]);
  const saved = ref<Saved | null>(null);
  /** Jobs whose end was heard, as an event or in the ledger. */
  const ended = new Set<string>();
  /** How to start each of the page's exports once more. */
  const again = new Map<string, () => void>();
  const current = computed(
    () => jobs.value.find((job) => (job.progress?.done ?? 0) > 0) ?? jobs.value[0] ?? null,
  );

  const change = (id: string, part: Partial<Job>): void => {
    jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, ...part } : job));
  };

  function add({ job, title, progress }: JobLine): void {
    if (ended.has(job) || jobs.value.some(({ id }) => id === job)) return;
    jobs.value = [...jobs.value, { id: job, name: title, state: 'running', progress }];
  }

  /** Enlarges into a file; a failure becomes a notice whose button tries again. */
  async function exportFile(order: Omit<UpscaleOrder, 'device'>, name: string): Promise<void> {
    notices.clear('export');
    saved.value = null;
    const retry = (): void => void exportFile(order, name);
    try {
      const line = await engine.ask('door:export', { order, suggestedName: name });
      again.set(line.job, retry);
      add(line);
    } catch (thrown) {
      const fault = faultOf(thrown);
      const next = { label: 'notice.again', run: retry };
      if (fault.code !== 'stopped') notices.add({ place: 'export', fault, next });
    }
  }

  async function end(line: JobLine): Promise<void> {
    if (ended.has(line.job)) return;
    ended.add(line.job);
    const retry = again.get(line.job);
    again.delete(line.job);
    const isOurs = line.mine || jobs.value.some(({ id }) => id === line.job);
    jobs.value = jobs.value.filter(({ id }) => id !== line.job);
    if (!isOurs || line.kind !== 'upscale') return;
    if (line.state === 'failed' && line.fault) {
      const next = retry && { next: { label: 'notice.again', run: retry } };
      notices.add({ place: 'export', fault: line.fault, ...next });
    }
    if (line.state !== 'done') return;
    try {
      const done = readBy(jobKinds.upscale.result, line.result, 'result of an export');
      const { door } = await engine.describe();
      if (door === 'browser') {
        const { download } = await engine.ask('door:collect', { job: line.job });
        fetchDownload(download, line.title);
      }
      saved.value = { job: line.job, name: line.title, done };
      for (const message of done.notes) notices.add({ place: 'export', message });
    } catch (thrown) {
      notices.add({ place: 'export', fault: faultOf(thrown) });
    }
  }

  /** The ledger as it is: a page that was reloaded has its jobs again, also those that ended while it was away. */
  async function reread(): Promise<void> {
    const lines = await engine.call('jobs:list', {}).catch(() => null);
    for (const line of lines?.filter(({ mine }) => mine) ?? []) {
      if (isUnderWay(line)) add(line);
      else await end(line);
    }
  }

  function stop(id: string): void {
    if (jobs.value.find((job) => job.id === id)?.state !== 'running') return;
    change(id, { state: 'stopping' });
    // A job that has just ended has nothing to stop.
    engine.call('job:stop', { job: id }).catch(() => undefined);
  }

  const reveal = (id: string): void => {
    engine
      .ask('door:reveal', { job: id })
      .catch((thrown: unknown) => notices.add({ place: 'export', fault: faultOf(thrown) }));
  };

  const stopListening = [
    engine.on('job:progress', (progress) => change(progress.job, { progress })),
    engine.on('job:ended', ({ line }) => void end(line)),
    engine.on('jobs:changed', () => void reread()),
    engine.onState((state) => {
      if (state === 'open') void reread();
      else if (state === 'lost') jobs.value = [];
    }),
  ];
  onScopeDispose(() => stopListening.forEach((stopOne) => stopOne()));
  void reread();

  return { jobs, current, saved, exportFile, stop, reveal, dismissSaved: () => (saved.value = null) };
});

/** Lets the browser save a file of the local host. */
function fetchDownload(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
