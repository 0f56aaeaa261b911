import {
  jobKinds,
  readBy,
  type JobKindName,
  type JobLine,
  type JobProgress,
  type UpscaleOrder,
} from '../../shared/contract';
import type { Fault } from '../../shared/faults';
import type { Size } from '../../shared/geometry';
import { withSample, type JobReach, type PaceSample } from './jobPace';
import type { UnderWay } from './jobState';

/** What an export is to make. */
export interface FileOrder {
  readonly order: UpscaleOrder;
  readonly name: string;
  readonly megapixels: number;
}

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly state: UnderWay | 'stopping';
  readonly progress: JobProgress | null;
  readonly pace: readonly PaceSample[];
}

export interface FailedJob {
  readonly id: string;
  readonly name: string;
  readonly fault: Fault;
  readonly file: FileOrder | null;
  /** It can begin anew, from the ledger that kept it or as it was ordered. */
  readonly canRetry: boolean;
}

/** The file that was saved last. */
export interface Saved {
  readonly job: string;
  /** Absent: it was ordered by itself. */
  readonly batch?: string | undefined;
  /** So many of its batch are saved by now. */
  readonly files: number;
  readonly name: string;
  readonly seconds: number;
  /** Pixels of an enlargement; null: it is none. */
  readonly size: Size | null;
}

/** Kinds of jobs that end as a file of the user's; the others have panels of their own. */
const FILE_KINDS: readonly JobKindName[] = ['upscale', 'sheet'];
export const isFileJob = ({ kind }: Pick<JobLine, 'kind'>): boolean => FILE_KINDS.includes(kind);

/** What came of a job that ended as a file. */
export function doneOf({
  kind,
  result,
}: JobLine): Pick<Saved, 'seconds' | 'size'> & { readonly notes: readonly string[] } {
  if (kind === 'sheet') {
    const { seconds, notes } = readBy(jobKinds.sheet.result, result, 'result of a sheet');
    return { seconds, notes, size: null };
  }
  const { seconds, notes, width, height } = readBy(jobKinds.upscale.result, result, 'result of an export');
  return { seconds, notes, size: { width, height } };
}

/** How a job of a photo ended: shown beside it until another one begins. */
export type PhotoEnd = 'done' | 'failed';

/**
 * A job of which the engine told how far it is; `megapixels`: of the whole result, where that is known; `at`:
 * milliseconds of a clock that only goes forwards.
 */
export function progressedBy(
  job: Job,
  progress: JobProgress,
  { megapixels, at }: { readonly megapixels: number | null; readonly at: number },
): Job {
  const isEnlarging = progress.stage === 'enlarge' && progress.total > 0;
  const done = isEnlarging && megapixels !== null ? (megapixels * progress.done) / progress.total : null;
  const pace = done === null ? job.pace : withSample(job.pace, { at, megapixels: done });
  return { ...job, progress, pace };
}

/** How far a job is, for the pace and the time left of all; `megapixels`: as for `progressedBy`. */
export function reachOf({ state, progress, pace }: Job, megapixels: number | null): JobReach {
  const isEnlarging = progress?.stage === 'enlarge' && progress.total > 0;
  return {
    isRunning: state === 'running',
    megapixels,
    share: isEnlarging ? progress.done / progress.total : 0,
    pace,
    secondsLeft: progress?.secondsLeft ?? null,
  };
}
