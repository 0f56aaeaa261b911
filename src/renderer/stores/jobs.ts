import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref } from 'vue';
import type { ProgressEvent, UpscaleDone, UpscaleOrder } from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import { useEngine } from '../engine/connect';
import { useNotices } from './notices';

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly state: 'running' | 'stopping';
  readonly progress: ProgressEvent | null;
}

export interface Saved {
  readonly job: string;
  readonly name: string;
  readonly done: UpscaleDone;
}

/** Exports under way and the last one that was saved. */
export const useJobs = defineStore('jobs', () => {
  const engine = useEngine();
  const notices = useNotices();
  const jobs = ref<Job[]>([]);
  const saved = ref<Saved | null>(null);
  const current = computed(
    () => jobs.value.find((job) => (job.progress?.done ?? 0) > 0) ?? jobs.value[0] ?? null,
  );

  const change = (id: string, part: Partial<Job>): void => {
    jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, ...part } : job));
  };

  /** Enlarges into a file; a failure becomes a notice whose button tries again. */
  async function exportFile(order: Omit<UpscaleOrder, 'job' | 'device'>, name: string): Promise<void> {
    const id = crypto.randomUUID();
    notices.clear('export');
    saved.value = null;
    jobs.value = [...jobs.value, { id, name, state: 'running', progress: null }];
    try {
      const answer = await engine.ask('door:export', { order: { ...order, job: id }, suggestedName: name });
      if (answer.download !== null) fetchDownload(answer.download, answer.name);
      saved.value = { job: id, name: answer.name, done: answer.done };
      for (const message of answer.done.notes) notices.add({ place: 'export', message });
    } catch (thrown) {
      const fault = faultOf(thrown);
      const next = { label: 'notice.again', run: () => void exportFile(order, name) };
      if (fault.code !== 'stopped') notices.add({ place: 'export', fault, next });
    } finally {
      jobs.value = jobs.value.filter((job) => job.id !== id);
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

  const stopListening = engine.on('job:progress', (progress) => change(progress.job, { progress }));
  onScopeDispose(stopListening);

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
