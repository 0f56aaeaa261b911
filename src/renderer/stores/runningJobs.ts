import { computed, ref } from 'vue';
import type { JobLine, JobProgress } from '../../shared/contract';
import { progressedBy, reachOf, type Job } from '../editor/fileJobs';
import { totalPace, totalSecondsLeft } from '../editor/jobPace';
import { underWay } from '../editor/jobState';
import type { EngineClient } from '../engine/engineClient';

export interface RunningJobsParts {
  readonly engine: Pick<EngineClient, 'call'>;
  /** Megapixels of what a job makes; null: not known. */
  readonly megapixelsOf: (job: string) => number | null;
  /** Whether the end of a job was heard: an older list may still have it under way. */
  readonly hasEnded: (job: string) => boolean;
  readonly tell: (thrown: unknown) => void;
}

/** This page's exports that are under way: how far each is, and the ways to hold or stop it. */
export function runningJobs({ engine, megapixelsOf, hasEnded, tell }: RunningJobsParts) {
  const jobs = ref<Job[]>([]);

  const change = (id: string, part: Partial<Job>): void => {
    jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, ...part } : job));
  };

  /** A job as the ledger has it now. */
  function follow({ job, title, progress, state: told }: JobLine): void {
    const state = underWay(told);
    if (hasEnded(job) || !state) return;
    const known = jobs.value.find(({ id }) => id === job);
    const isStopping = known?.state === 'stopping';
    if (known) change(job, isStopping ? {} : { state });
    else jobs.value = [...jobs.value, { id: job, name: title, state, progress, pace: [] }];
  }

  function progressed(id: string, progress: JobProgress): void {
    const of = { megapixels: megapixelsOf(id), at: performance.now() };
    jobs.value = jobs.value.map((job) => (job.id === id ? progressedBy(job, progress, of) : job));
  }

  function stop(id: string): void {
    const job = jobs.value.find((one) => one.id === id);
    if (!job || job.state === 'stopping') return;
    change(id, { state: 'stopping' });
    // A job that has just ended has nothing to stop.
    engine.call('job:stop', { job: id }).catch(() => undefined);
  }
  function pause(id: string): void {
    change(id, { state: 'paused' });
    engine.call('job:pause', { job: id }).catch(tell);
  }

  const reaches = computed(() => jobs.value.map((job) => reachOf(job, megapixelsOf(job.id))));

  return {
    jobs,
    /** The one to be shown where there is room for one. */
    current: computed(() => jobs.value.find((job) => (job.progress?.done ?? 0) > 0) ?? jobs.value[0] ?? null),
    pace: computed(() => totalPace(reaches.value)),
    secondsLeft: computed(() => totalSecondsLeft(reaches.value)),
    follow,
    progressed,
    has: (id: string): boolean => jobs.value.some((job) => job.id === id),
    strike(id: string): void {
      jobs.value = jobs.value.filter((job) => job.id !== id);
    },
    /** Whoever ran them is gone. */
    clear(): void {
      jobs.value = [];
    },
    stop,
    pause,
    stopAll: (): void => jobs.value.forEach(({ id }) => stop(id)),
    pauseAll: (): void =>
      jobs.value
        .filter(({ state }) => state === 'running' || state === 'queued')
        .forEach(({ id }) => pause(id)),
  };
}
