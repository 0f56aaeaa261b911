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
