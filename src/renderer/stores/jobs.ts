import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { JobLine } from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import { doneOf, isFileJob, type FileOrder, type Job, type Saved } from '../editor/fileJobs';
import { underWay } from '../editor/jobState';
import { useEngine } from '../engine/connect';
import { exportMemory } from './exportMemory';
import { exportOrders } from './exportOrders';
import { failedJobs } from './failedJobs';
import { fetchedFiles, type Finished } from './fetchedFiles';
import { notBegunOrders } from './notBegunOrders';
import { useNotices } from './notices';
import { runningJobs } from './runningJobs';

/** This page's exports in the engine's ledger: under way, broken off, failed, and the last one that was saved. */
export const useJobs = defineStore('jobs', () => {
  const engine = useEngine();
  const notices = useNotices();
  const broken = shallowRef<readonly JobLine[]>([]);
  /** That another engine still works on, as one whose door was killed in the middle of a tile. */
  const heldElsewhere = shallowRef<readonly JobLine[]>([]);
  const saved = ref<Saved | null>(null);
  const memory = exportMemory();
  const fetched = fetchedFiles(engine, memory.settle);
  /** Jobs whose end was heard, as an event or in the ledger. */
  const ended = new Set<string>();
  const files = new Map<string, FileOrder>();
  const tell = (thrown: unknown): void => void notices.add({ place: 'export', fault: faultOf(thrown) });

  const running = runningJobs({
    engine,
    megapixelsOf: (id) => memory.made.value[id]?.megapixels ?? null,
    hasEnded: (id) => ended.has(id),
    tell,
  });

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
    running.follow(line);
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
  const failures = failedJobs({ engine, notices, memory, taken, exportFile: orders.exportFile, tell });

  /** `isHeard`: just now, and not found in the ledger. */
  async function end(line: JobLine, isHeard: boolean): Promise<void> {
    if (ended.has(line.job)) return;
    heard(line);
    ended.add(line.job);
    const isOurs = line.mine || running.has(line.job);
    const file = files.get(line.job) ?? null;
    running.strike(line.job);
    if (!isOurs || !isFileJob(line)) return;
    if (line.state === 'failed' && line.fault) failures.add(line, line.fault, file, isHeard);
    if (line.state !== 'done') return;
    memory.ended(line.job, 'done');
    try {
      const done = doneOf(line);
      for (const message of done.notes) notices.add({ place: 'export', message });
      const { door } = await engine.describe();
      if (door === 'browser') {
        if (!(await fetched.fetch({ job: line.job, name: line.title }))) return;
      }
      const { job, title: name, batch } = line;
      const before = batch !== undefined && saved.value?.batch === batch ? saved.value.files : 0;
      saved.value = { job, name, batch, files: before + 1, seconds: done.seconds, size: done.size };
    } catch (thrown) {
      tell(thrown);
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
    failures.keepOnly(new Set(lines.filter(({ state }) => state === 'failed').map(({ job }) => job)));
    for (const line of lines.filter((one) => one.mine && isFileJob(one))) {
      if (underWay(line.state)) running.follow(line);
      else if (line.state !== 'broken') await end(line, false);
    }
    return true;
  }

  /** Lets the browser fetch a finished file that it has not; by a press, which a browser may wait for. */
  async function saveLeft(files: readonly Finished[] = fetched.unsaved.value): Promise<void> {
    for (const { job, name } of files) {
      try {
        if (await fetched.fetch({ job, name }, true))
          saved.value = { job, name, files: 1, seconds: 0, size: null };
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
  /** The connection is back: the ledger is read once, after the door's word of what is ordered where there is any. */
  async function findAgain(): Promise<void> {
    if (!(await unbegun.find())) await findLeft();
  }

  /** A job that was broken off or has failed is under way again. */
  function taken(line: JobLine): void {
    ended.delete(line.job);
    broken.value = broken.value.filter(({ job }) => job !== line.job);
    failures.strike(line.job);
    running.follow(line);
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
    engine.on('job:progress', (progress) => running.progressed(progress.job, progress)),
    engine.on('job:ended', ({ line }) => void end(line, true)),
    engine.on('jobs:changed', () => void reread()),
    engine.onState((state) => {
      if (state === 'open') void findAgain();
      else if (state === 'lost') running.clear();
    }),
  ];
  onScopeDispose(() => stopListening.forEach((stopOne) => stopOne()));
  void findLeft();

  return {
    jobs: running.jobs,
    broken,
    /** This page's own that another engine still works on. */
    elsewhere: computed(() => heldElsewhere.value.filter(({ job }) => memory.made.value[job])),
    failed: failures.failed,
    /** How many orders there are of which it is not known that they have begun. */
    awaited: computed(() => memory.ordered.value.length),
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
    current: running.current,
    saved,
    pace: running.pace,
    secondsLeft: running.secondsLeft,
    ...orders,
    stop: running.stop,
    pause: running.pause,
    resume,
    drop,
    retry: failures.retry,
    forget: failures.forget,
    reveal,
    stopAll: running.stopAll,
    pauseAll: running.pauseAll,
    resumeAll: () =>
      running.jobs.value.filter(({ state }) => state === 'paused').forEach(({ id }) => void resume(id)),
    retryFailed: failures.retryAll,
    forgetFailed: failures.forgetAll,
    /** Lets all go on that were broken off, one after another as they were ordered. */
    async resumeBroken(): Promise<void> {
      for (const { job } of broken.value) await resume(job);
    },
    dismissSaved: () => (saved.value = null),
  };
});
