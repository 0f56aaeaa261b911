import type { JobStage } from '../../shared/contract';
import type { EndTurn } from '../schedule/queue';

/** What work on a job has of the engine while it runs. */
export interface Job {
  readonly id: string;
  readonly signal: AbortSignal;
  /** A turn to work on one tile; waits while the job is paused. `idle`: only while nobody else has one. */
  turn(priority?: 'job' | 'idle'): Promise<EndTurn>;
  /** How far a stage is; the time left follows from the stage's own pace. */
  progress(stage: JobStage, done: number, total: number, label?: string): void;
}

/** A job that goes on after its engine's death, from the marks that it left. */
export interface LastingJob extends Job {
  /** What was reached before this run, oldest first, as its kind wrote it. */
  readonly marks: readonly unknown[];
  /**
   * In the journal when it resolves: what it says must be on disk before. `further`: the work came further by it,
   * and it is brought to the disk.
   */
  mark(mark: unknown, further?: 'further'): Promise<void>;
  /** The job's own folder for pixels, which outlives the engine. */
  readonly folder: string;
  /** Whether it was paused, or others had turns meanwhile: then what it took says nothing about its pace. */
  readonly wasDisturbed: boolean;
}
