/** Photos kept aside: one in so many, at least one, and no more than tell enough. */
const ONE_IN = 5;
const MOST = 8;

export interface Parted<T> {
  /** What is learned from. */
  readonly learned: readonly T[];
  /** What is only measured: spread evenly over the order given, which is mostly that in which photos were taken. */
  readonly kept: readonly T[];
}

/** Parts whole photos, so that no measured pixel was learned from. Expects two or more. */
export function keptAside<T>(photos: readonly T[]): Parted<T> {
  if (photos.length < 2) throw new RangeError(`expected two photos or more, received ${photos.length}`);
  const count = Math.max(1, Math.min(MOST, Math.round(photos.length / ONE_IN)));
  const isKept = new Set(
    Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * photos.length) / count)),
  );
  return {
    learned: photos.filter((_, k) => !isKept.has(k)),
    kept: photos.filter((_, k) => isKept.has(k)),
  };
}
