/** What was done by when: the clock's milliseconds, and megapixels of the result. */
export interface PaceSample {
  readonly at: number;
  readonly megapixels: number;
}

/** Older samples say little about now, milliseconds. */
const MEMORY_MS = 20_000;
/** From so short a time no pace is told. */
const SHORTEST_MS = 1_000;

/** The samples with one more; old ones go, but for the last of them, and a job that began anew begins anew. */
export function withSample(samples: readonly PaceSample[], sample: PaceSample): readonly PaceSample[] {
  const last = samples.at(-1);
  if (last && sample.megapixels < last.megapixels) return [sample];
  const firstFresh = samples.findIndex(({ at }) => at >= sample.at - MEMORY_MS);
  const kept = firstFresh < 0 ? samples.slice(-1) : samples.slice(Math.max(0, firstFresh - 1));
  return [...kept, sample];
}

/** Megapixels a second over the samples; null: too little is known. */
export function paceOf(samples: readonly PaceSample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < SHORTEST_MS || last.megapixels <= first.megapixels) return null;
  return (last.megapixels - first.megapixels) / ((last.at - first.at) / 1000);
}

/** What is known of a job under way, for a sum over all. */
export interface JobReach {
  readonly isRunning: boolean;
  /** Of the whole result; null: not known. */
  readonly megapixels: number | null;
  /** 0 to 1. */
  readonly share: number;
  readonly pace: readonly PaceSample[];
  /** The engine's own estimate of the rest of it. */
  readonly secondsLeft: number | null;
}

/** Megapixels a second of all that run; null: not known yet. */
export function totalPace(jobs: readonly JobReach[]): number | null {
  const paces = jobs.filter(({ isRunning }) => isRunning).map(({ pace }) => paceOf(pace));
  const known = paces.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0);
}

/** Seconds until all are done: of one its own estimate, of several by the pace of now; null: not known. */
export function totalSecondsLeft(jobs: readonly JobReach[]): number | null {
  const [only] = jobs;
  if (!only) return null;
  if (jobs.length === 1) return only.secondsLeft;
  const pace = totalPace(jobs);
  if (pace === null) return null;
  let megapixels = 0;
  for (const job of jobs) {
    if (job.megapixels === null) return null;
    megapixels += job.megapixels * (1 - job.share);
  }
  return megapixels / pace;
}
