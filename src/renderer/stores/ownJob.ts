import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { JobLine, JobProgress } from '../../shared/contract';
import { underWay } from '../editor/jobState';
import type { EngineClient } from '../engine/engineClient';

/** A job under way that a dialog began, and how far it is. */
export interface OwnJob {
  readonly job: string;
  readonly progress: JobProgress | null;
  readonly isStopping: boolean;
}

/**
 * One job at a time, with what the page remembers of it: followed from the answer of its start until its end is heard.
 * `ended` is told once, when nothing runs any more.
 */
export function ownJob<About extends object = object>(
  engine: EngineClient,
  ended: (line: JobLine, about: OwnJob & About) => void,
) {
  const running: ShallowRef<(OwnJob & About) | null> = shallowRef(null);

  function follow({ job, progress }: JobLine, about: About): void {
    running.value = { ...about, job, progress, isStopping: false };
  }

  function stop(): void {
    if (!running.value || running.value.isStopping) return;
    running.value = { ...running.value, isStopping: true };
    // One that has just ended has nothing to stop.
    engine.call('job:stop', { job: running.value.job }).catch(() => undefined);
  }

  function end(line: JobLine): void {
    const own = running.value;
    if (own?.job !== line.job) return;
    running.value = null;
    ended(line, own);
  }

  /** An end that came before the answer of its start is in the ledger. */
  async function reread(): Promise<void> {
    if (!running.value) return;
    const lines = await engine.call('jobs:list', {}).catch(() => null);
    const line = lines?.find(({ job }) => job === running.value?.job);
    if (line && !underWay(line.state)) end(line);
  }

  const stops = [
    engine.on('job:progress', ({ job, ...progress }) => {
      if (running.value?.job === job) running.value = { ...running.value, progress };
    }),
    engine.on('job:ended', ({ line }) => end(line)),
  ];
  onScopeDispose(() => stops.forEach((one) => one()));

  return { running, follow, stop, end, reread };
}
