import type { JobLine } from '../../shared/contract';

export type UnderWay = 'queued' | 'running' | 'paused';

/** How a job is under way; undefined: it ended, or broke off. */
export const underWay = (state: JobLine['state']): UnderWay | undefined =>
  state === 'queued' || state === 'running' || state === 'paused' ? state : undefined;
