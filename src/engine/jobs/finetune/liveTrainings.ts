import type { Validation } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';

/** A training of this engine while it runs: what a page that comes late wants to see, and the wish to stop. */
export interface LiveTraining {
  readonly validations: Validation[];
  isFinishing: boolean;
}

/** The trainings of this engine, by their jobs. */
export class LiveTrainings {
  private readonly live = new Map<string, LiveTraining>();

  begin(job: string): LiveTraining {
    const training: LiveTraining = { validations: [], isFinishing: false };
    this.live.set(job, training);
    return training;
  }

  end(job: string): void {
    this.live.delete(job);
  }

  /** Throws `not-found` where the job is no training that runs. */
  get(job: string): LiveTraining {
    const training = this.live.get(job);
    if (training) return training;
    throw new FaultError('not-found', `Expected a training that runs, received ${job}; it may have ended.`);
  }
}
