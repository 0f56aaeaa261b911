import type { JobLine, JobProgress } from '../../shared/contract';

export type UnderWay = 'queued' | 'running' | 'paused';

/** How a job is under way; undefined: it ended, or broke off. */
export const underWay = (state: JobLine['state']): UnderWay | undefined =>
  state === 'queued' || state === 'running' || state === 'paused' ? state : undefined;

/** How far a job is, 0 to 1. */
export const shareOf = ({ progress }: { readonly progress: JobProgress | null }): number =>
  progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
