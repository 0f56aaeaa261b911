import type { TrainingPreview, Validation } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';

/** A training of this engine while it runs: what a page that comes late wants to see, and the wish to stop. */
export interface LiveTraining {
  readonly validations: Validation[];
  isFinishing: boolean;
  /** A square of the photos kept aside, by the weights of the last validation; undefined before the first. */
  preview: ((square: number) => Promise<TrainingPreview>) | undefined;
  /** What it came to, a square of each exam; none before it was measured. */
  looks: readonly TrainingPreview[];
}

/** The trainings of this engine, by their jobs. */
export class LiveTrainings {
  private readonly live = new Map<string, LiveTraining>();
  /** Of the training that ended last: pages look at what it came to, and at none before it. */
  private last: { readonly job: string; readonly looks: LiveTraining['looks'] } | undefined;

  begin(job: string): LiveTraining {
    const training: LiveTraining = { validations: [], isFinishing: false, preview: undefined, looks: [] };
    this.live.set(job, training);
    return training;
  }

  end(job: string): void {
    const looks = this.live.get(job)?.looks ?? [];
    this.live.delete(job);
    if (looks.length > 0) this.last = { job, looks };
  }

  /** Throws `not-found` where the job is no training that runs. */
  get(job: string): LiveTraining {
    const training = this.live.get(job);
    if (training) return training;
    throw new FaultError('not-found', `Expected a training that runs, received ${job}; it may have ended.`);
  }

  /** Throws `not-found` where there is nothing to look at yet, or any more. */
  preview(job: string, square: number): Promise<TrainingPreview> {
    if (this.last?.job === job) return Promise.resolve(this.last.looks[square % this.last.looks.length]!);
    const { preview } = this.get(job);
    if (preview) return preview(square);
    throw new FaultError('not-found', `Expected a training that was measured, but ${job} was not yet.`);
  }
}
