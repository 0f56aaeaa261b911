import type { EvaluationFailure } from '../../../shared/contract';
import { faultOf } from '../../../shared/faults';
import type { LastingJob } from '../job';
import {
  coversMeasurement,
  doneOf,
  measurementsOf,
  type EvaluateMark,
  type Measured,
  type StoredEvaluation,
} from './marks';

/** One run's results, in the ledger as they come. */
export class EvaluationRun {
  constructor(
    private readonly order: StoredEvaluation,
    readonly job: LastingJob,
    readonly measured: Measured[],
    readonly failures: EvaluationFailure[],
    private readonly images: number,
  ) {}

  has(file: string, scale: number, method: string): boolean {
    return (
      this.measured.some((one) => one.file === file && one.scale === scale && one.method === method) ||
      this.failures.some(coversMeasurement(file, scale, method))
    );
  }

  async add(mark: Measured): Promise<void> {
    await this.job.mark(mark, 'further');
    this.measured.push(mark);
  }

  /** Does the work; what goes wrong with it, but for a stop, is named and the rest goes on. */
  async orFailed(of: Omit<EvaluationFailure, 'error'>, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.job.signal.aborted) throw error;
      const failure = { ...of, error: faultOf(error).message };
      await this.job.mark({ mark: 'failed', failure } satisfies EvaluateMark, 'further');
      this.failures.push(failure);
    }
  }

  tell(label?: string): void {
    const total = measurementsOf(this.images, this.order);
    const done = label === undefined ? total : Math.min(total, doneOf(this.order, this));
    this.job.progress('measure', done, total, label);
  }
}
