import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { JobLine, JobProgress } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import {
  doneOf,
  isFileJob,
  progressedBy,
  reachOf,
  type FailedJob,
  type FileOrder,
  type Job,
  type Saved,
} from '../editor/fileJobs';
import { totalPace, totalSecondsLeft } from '../editor/jobPace';
import { underWay } from '../editor/jobState';
import { useEngine } from '../engine/connect';
import { exportMemory } from './exportMemory';
import { exportOrders } from './exportOrders';
import { fetchedFiles, type Finished } from './fetchedFiles';
import { notBegunOrders } from './notBegunOrders';
import { useNotices } from './notices';

/** This page's exports in the engine's ledger: under way, broken off, failed, and the last one that was saved. */
export const useJobs = defineStore('jobs', () => {
  const engine = useEngine();
  const notices = useNotices();
  const jobs = ref<Job[]>([]);
  const broken = shallowRef<readonly JobLine[]>([]);
  /** That another engine still works on, as one whose door was killed in the middle of a tile. */
  const heldElsewhere = shallowRef<readonly JobLine[]>([]);
  const failedInLedger = shallowRef<readonly FailedJob[]>([]);
  const saved = ref<Saved | null>(null);
  const memory = exportMemory();
  const fetched = fetchedFiles(engine, memory.settle);
  const failed = computed(() => [...failedInLedger.value, ...memory.leftOuts.value.values()]);
  /** Jobs whose end was heard, as an event or in the ledger. */
  const ended = new Set<string>();
  const files = new Map<string, FileOrder>();
  const current = computed(
    () => jobs.value.find((job) => (job.progress?.done ?? 0) > 0) ?? jobs.value[0] ?? null,
  );
  const tell = (thrown: unknown): void => void notices.add({ place: 'export', fault: faultOf(thrown) });

  const change = (id: string, part: Partial<Job>): void => {
    jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, ...part } : job));
  };

  /** A job as the ledger has it now. */
  function follow({ job, title, progress, state: told }: JobLine): void {
    const state = underWay(told);
    if (ended.has(job) || !state) return;
    const known = jobs.value.find(({ id }) => id === job);
    const isStopping = known?.state === 'stopping';
    if (known) change(job, isStopping ? {} : { state });
    else jobs.value = [...jobs.value, { id: job, name: title, state, progress, pace: [] }];
  }

  const megapixelsOf = (id: string): number | null => memory.made.value[id]?.megapixels ?? null;

  function progressed(id: string, progress: JobProgress): void {
    const of = { megapixels: megapixelsOf(id), at: performance.now() };
    jobs.value = jobs.value.map((job) => (job.id === id ? progressedBy(job, progress, of) : job));
  }

  /** The ledger has it: where it was ordered here, what it makes is known. */
  function heard(line: JobLine): void {
    const file = memory.heard(line);
    if (file) files.set(line.job, file);
  }

  function begun(line: JobLine, file?: FileOrder): void {
    if (file) {
      files.set(line.job, file);
      memory.begun(line.job, file);
    }
    follow(line);
  }

  const { isAsked, ...orders } = exportOrders({
    engine,
    memory,
    notices,
    begin: () => {
      notices.clear('export');
      saved.value = null;
    },
    begun,
    leftOut: memory.leaveOut,
  });

  /** `isHeard`: just now, and not found in the ledger. */
  async function end(line: JobLine, isHeard: boolean): Promise<void> {
    if (ended.has(line.job)) return;
    heard(line);
    ended.add(line.job);
    const isOurs = line.mine || jobs.value.some(({ id }) => id === line.job);
    const file = files.get(line.job) ?? null;
    jobs.value = jobs.value.filter(({ id }) => id !== line.job);
    if (!isOurs || !isFileJob(line)) return;
    if (line.state === 'failed' && line.fault) failedOne(line, line.fault, file, isHeard);
    if (line.state !== 'done') return;
    memory.ended(line.job, 'done');
    try {
      const done = doneOf(line);
      for (const message of done.notes) notices.add({ place: 'export', message });
      const { door } = await engine.describe();
      if (door === 'browser') {
        if (!(await fetched.fetch({ job: line.job, name: line.title }))) return;
      }
      saved.value = { job: line.job, name: line.title, seconds: done.seconds, size: done.size };
    } catch (thrown) {
      tell(thrown);
    }
  }

  function failedOne(line: JobLine, fault: Fault, file: FileOrder | null, isHeard: boolean): void {
    const { job, title, batch, kind } = line;
    const one: FailedJob = { id: job, name: title, fault, file, canRetry: kind === 'upscale' };
    // The same file that fails once more for the same reason takes the place of what is known.
    for (const { id, name, fault: known } of failedInLedger.value)
      if (name === title && known.message === fault.message) forget(id);
    failedInLedger.value = [...failedInLedger.value, one];
    memory.ended(job, 'failed');
    // Those of a batch stand in the queue alone: a hundred notices help nobody. Nor is what is known told again.
    if (batch !== undefined || !isHeard) return;
    const next = one.canRetry && { next: { label: 'notice.again', run: () => void retry(one) } };
    notices.add({ place: 'export', fault, ...next });
  }

  const forget = (id: string): void => {
    failedInLedger.value = failedInLedger.value.filter((one) => one.id !== id);
    memory.forget(id);
    engine.call('job:drop', { job: id }).catch(() => undefined);
  };
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
        await orders.exportFile(file.order, file.name, file.megapixels);
      }
    }
  }

  /**
   * The ledger as it is: a page that was reloaded has its jobs again, also those that ended while it was away. False: it
   * could not be read.
   */
  async function reread(): Promise<boolean> {
    const lines = await engine.call('jobs:list', {}).catch(() => null);
    if (!lines) return false;
    lines.forEach(heard);
    heldElsewhere.value = lines.filter(({ state }) => state === 'elsewhere');
    broken.value = lines.filter(({ state, kind }) => state === 'broken' && kind === 'upscale');
    // Another page may have dropped them, or let them begin anew.
    const still = new Set(lines.filter(({ state }) => state === 'failed').map(({ job }) => job));
    failedInLedger.value = failedInLedger.value.filter(({ id }) => still.has(id));
    for (const line of lines.filter((one) => one.mine && isFileJob(one))) {
      if (underWay(line.state)) follow(line);
      else if (line.state !== 'broken') await end(line, false);
    }
    return true;
  }

  /** Lets the browser fetch a finished file that it has not; by a press, which a browser may wait for. */
  async function saveLeft(files: readonly Finished[] = fetched.unsaved.value): Promise<void> {
    for (const { job, name } of files) {
      try {
        if (await fetched.fetch({ job, name }, true)) saved.value = { job, name, seconds: 0, size: null };
      } catch (thrown) {
        tell(thrown);
      }
    }
  }
  /** What the ledger has, and what is finished; false: the ledger could not be read. */
  async function findLeft(): Promise<boolean> {
    const isRead = await reread();
    if (isRead) await fetched.find();
    return isRead;
  }

  const unbegun = notBegunOrders({ engine, memory, findLeft, isAsked, exportFiles: orders.exportFiles });

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
  /** A job that was broken off or has failed is under way again. */
  function taken(line: JobLine): void {
    ended.delete(line.job);
    broken.value = broken.value.filter(({ job }) => job !== line.job);
    failedInLedger.value = failedInLedger.value.filter(({ id }) => id !== line.job);
    follow(line);
  }
  /** Lets a job go on that was paused or broken off; `anew`: from its beginning. */
  async function resume(id: string, anew = false): Promise<void> {
    try {
      taken(await engine.ask('door:resume', { job: id, anew }));
    } catch (thrown) {
      const fault = faultOf(thrown);
      const isChanged = fault.code === 'photo-changed' || fault.code === 'method-changed';
      const next = isChanged && !anew && { next: { label: 'job.anew', run: () => void resume(id, true) } };
      notices.add({ place: 'export', fault, ...next });
    }
  }
  async function drop(id: string): Promise<void> {
    await engine.call('job:drop', { job: id }).catch(tell);
    broken.value = broken.value.filter(({ job }) => job !== id);
  }

  const reveal = (id: string): void => {
    engine.ask('door:reveal', { job: id }).catch(tell);
  };

  const stopListening = [
    engine.on('job:progress', (progress) => progressed(progress.job, progress)),
    engine.on('job:ended', ({ line }) => void end(line, true)),
    engine.on('jobs:changed', () => void reread()),
    engine.onState((state) => {
      if (state === 'open') {
        void findLeft();
        void unbegun.find();
      } else if (state === 'lost') jobs.value = [];
    }),
  ];
  onScopeDispose(() => stopListening.forEach((stopOne) => stopOne()));
  void findLeft();

  const reaches = computed(() => jobs.value.map((job) => reachOf(job, megapixelsOf(job.id))));

  return {
    jobs,
    broken,
    /** This page's own that another engine still works on. */
    elsewhere: computed(() => heldElsewhere.value.filter(({ job }) => memory.made.value[job])),
    failed,
    /** Of what was ordered that which never began. */
    notBegun: memory.notBegun,
    /** Finished files that the browser has not fetched. */
    unsaved: fetched.unsaved,
    saveLeft,
    beginLeft: unbegun.begin,
    dropLeft: unbegun.drop,
    /** How each photo's exports ended. */
    ends: memory.ends,
    /** Whether a job is of a photo. */
    isOf: ({ id }: Job, photo: string): boolean => memory.made.value[id]?.photo === photo,
    /** What the session keeps beside the document, see `exportMemory`. */
    remembered: memory.state,
    remember(written: unknown): void {
      memory.remember(written);
      void unbegun.find();
    },
    keptFor: memory.keptFor,
    current,
    saved,
    pace: computed(() => totalPace(reaches.value)),
    secondsLeft: computed(() => totalSecondsLeft(reaches.value)),
    ...orders,
    stop,
    pause,
    resume,
    drop,
    retry,
    forget,
    reveal,
    stopAll: () => jobs.value.forEach(({ id }) => stop(id)),
    pauseAll: () =>
      jobs.value
        .filter(({ state }) => state === 'running' || state === 'queued')
        .forEach(({ id }) => pause(id)),
    resumeAll: () =>
      jobs.value.filter(({ state }) => state === 'paused').forEach(({ id }) => void resume(id)),
    /** Lets all begin anew that have failed and can. */
    async retryFailed(): Promise<void> {
      for (const one of failed.value) if (one.canRetry) await retry(one);
    },
    forgetFailed: () => failed.value.forEach(({ id }) => forget(id)),
    /** Lets all go on that were broken off, one after another as they were ordered. */
    async resumeBroken(): Promise<void> {
      for (const { job } of broken.value) await resume(job);
    },
    dismissSaved: () => (saved.value = null),
  };
});
