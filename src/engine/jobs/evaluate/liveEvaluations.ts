import type { Evaluation } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import type { StoredEvaluation } from './marks';
import type { Original } from './originals';

/** An evaluation of this engine, while it runs and after it. */
export interface LiveEvaluation {
  readonly stored: StoredEvaluation;
  readonly originals: readonly Original[];
  /** What is measured so far. */
  reached(): Evaluation;
}

/** Evaluations that are remembered, the newest. */
const EVALUATIONS_MAX = 4;

/** The evaluations of this engine by their jobs: what a page that fills a table asks. */
export class LiveEvaluations {
  private readonly live = new Map<string, LiveEvaluation>();

  begin(job: string, evaluation: LiveEvaluation): void {
    this.live.set(job, evaluation);
    for (const old of [...this.live.keys()].slice(0, -EVALUATIONS_MAX)) this.live.delete(old);
  }

  /** Throws `not-found` where the job is no evaluation of this engine's, or was forgotten. */
  get(job: string): LiveEvaluation {
    const found = this.live.get(job);
    if (found) return found;
    throw new FaultError(
      'not-found',
      `Expected an evaluation of this engine, received ${job}; measure again.`,
    );
  }
}
