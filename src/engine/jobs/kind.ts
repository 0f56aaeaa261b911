import type { JobKindName, JobOrder, JobProgress, JobResult, OutputPlace } from '../../shared/contract';
import type { Fault } from '../../shared/faults';
import type { Client } from '../schedule/client';
import type { LastingJob } from './job';

/** One job's work, ready to be run. */
export interface Work<K extends JobKindName = JobKindName> {
  /** What people call it. */
  readonly title: string;
  /** What the ledger keeps so that another engine can do this work; undefined: it ends with this one. */
  readonly stored?: unknown;
  /** Whether what was stored of another job is an order for the very same file. */
  isFor?(stored: unknown): boolean;
  /** Gives back what it holds without having been run, such as an open photo. */
  release?(): Promise<void>;
  run(job: LastingJob): Promise<JobResult<K>>;
  /** How far earlier runs came. */
  reached?(marks: readonly unknown[]): JobProgress | null;
  /** Throws, before anything is done, where the work cannot go on from the marks. */
  check?(marks: readonly unknown[]): Promise<void>;
  /** Whether everything that was asked for is there: the engine died before it could say so. */
  isThere?(marks: readonly unknown[]): Promise<boolean>;
  /** Removes what an engine that died left outside the job's folder. */
  clear?(marks: readonly unknown[]): Promise<void>;
  /**
   * Whether a job that failed so stays in the ledger as broken off, with all that it had done, because what it lacks
   * can be mended from outside. Absent: none does.
   */
  remains?(fault: Fault): boolean;
  /** Files of the job's folder that it would be begun anew from, by their names. */
  readonly inputs?: readonly string[];
  /** The absolute path of the file that it makes. */
  readonly path?: string;
}

/** Where the ledger has what was stored, and what is new about it. */
export interface Revival {
  readonly folder: string;
  /** To another place. */
  readonly output?: OutputPlace | undefined;
  /** From the beginning: whatever its photo and method are now. */
  readonly anew?: boolean | undefined;
}

/** A kind of job. To add one: its order and result in `contract/jobs.ts`, a file here, a line in `kinds.ts`. */
export interface JobKind<K extends JobKindName> {
  /** Takes an order of a client's; `makeFolder` makes the job's own, where something is put into it. */
  begin(order: JobOrder<K>, client: Pick<Client, 'id'>, makeFolder: () => Promise<string>): Promise<Work<K>>;
  /** Work again from what `Work.stored` was; kinds without it end with their engine. */
  revive?(stored: unknown, revival: Revival): Work<K>;
}

export type JobKinds = { readonly [K in JobKindName]: JobKind<K> };

/** The kind of that name; undefined for one of another version of Enlarger. */
export const kindOf = (kinds: JobKinds, name: string): JobKind<JobKindName> | undefined =>
  Object.hasOwn(kinds, name) ? kinds[name as JobKindName] : undefined;
