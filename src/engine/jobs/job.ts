import type { ProgressEvent } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import type { Queue } from '../schedule/queue';
import type { Client } from '../schedule/client';

/** What a job has of the engine while it runs. */
export interface Job {
  readonly signal: AbortSignal;
  /** A turn to work on one tile. */
  turn(): Promise<() => void>;
  /** How far a stage is; the time left follows from the stage's own pace. */
  progress(stage: ProgressEvent['stage'], done: number, total: number, label?: string): void;
}

/** Progress is for eyes and bars: more often than this would only fill the port. */
const PROGRESS_EVERY_MS = 50;
/** A pace taken from less than this is a guess. */
const PACE_AFTER_MS = 250;

/** Tells a client about a job, not too often, but always of the beginning and the end of a stage. */
class ProgressTeller {
  private stage: string | undefined;
  private startedAt = 0;
  private saidAt = 0;

  constructor(
    private readonly client: Client,
    private readonly job: string,
  ) {}

  tell(stage: ProgressEvent['stage'], done: number, total: number, label?: string): void {
    const now = performance.now();
    const begins = stage !== this.stage;
    if (begins) {
      this.stage = stage;
      this.startedAt = now;
    }
    if (!begins && done < total && now - this.saidAt < PROGRESS_EVERY_MS) return;
    this.saidAt = now;
    const elapsed = now - this.startedAt;
    const known = done > 0 && elapsed >= PACE_AFTER_MS;
    void this.client.emit({
      event: 'job:progress',
      ...{ job: this.job, stage, done, total },
      secondsLeft: known ? (elapsed / 1e3 / done) * (total - done) : null,
      ...(label === undefined ? {} : { label }),
    });
  }
}

/** Runs `work` as a client's job: it can be stopped by its id from now until it has ended. */
export async function runJob<T>(
  client: Client,
  id: string,
  queue: Queue,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  if (client.jobs.has(id)) {
    throw new FaultError(
      'bad-option',
      `Expected a job id that is not in use, received "${id}", which runs now.`,
    );
  }
  const controller = new AbortController();
  client.jobs.set(id, controller);
  const teller = new ProgressTeller(client, id);
  const { signal } = controller;
  try {
    return await work({
      signal,
      turn: () => queue.turn({ priority: 'job', client: client.id, signal }),
      progress: (stage, done, total, label) => teller.tell(stage, done, total, label),
    });
  } catch (error) {
    // Whatever a stop made fail first, a stop it is.
    if (signal.aborted)
      throw new FaultError('stopped', 'Stopped before it was finished; nothing was left behind.');
    throw error;
  } finally {
    client.jobs.delete(id);
  }
}
