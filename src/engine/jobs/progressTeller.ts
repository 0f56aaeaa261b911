import type { JobProgress, JobStage } from '../../shared/contract';

/** Progress is for eyes and bars: more often than this would only fill the port. */
const PROGRESS_EVERY_MS = 50;
/** A pace taken from less than this is a guess. */
const PACE_AFTER_MS = 250;

/** Tells how far a job is, not too often, but always of the beginning and the end of a stage. */
export class ProgressTeller {
  private stage: JobStage | undefined;
  private startedAt = 0;
  /** Done already when the stage began in this run. */
  private startedFrom = 0;
  private saidAt = 0;

  constructor(private readonly tellOf: (progress: JobProgress) => void) {}

  /** The next stage's pace is its own, even where it has the same name: the job was paused. */
  forgetPace(): void {
    this.stage = undefined;
  }

  tell(stage: JobStage, done: number, total: number, label?: string): void {
    const now = performance.now();
    const begins = stage !== this.stage;
    if (begins) {
      this.stage = stage;
      this.startedAt = now;
      this.startedFrom = done;
    }
    if (!begins && done < total && now - this.saidAt < PROGRESS_EVERY_MS) return;
    this.saidAt = now;
    const elapsed = now - this.startedAt;
    const doneHere = done - this.startedFrom;
    const known = doneHere > 0 && elapsed >= PACE_AFTER_MS;
    const secondsLeft = known ? (elapsed / 1e3 / doneHere) * (total - done) : null;
    this.tellOf({ stage, done, total, secondsLeft, ...(label === undefined ? {} : { label }) });
  }
}
