const LEVELS = 256;

/** How two pictures of 8 bits differ, in steps of 8 bits, over all pixels and colours. */
export interface DifferenceStatistics {
  /** Result less reference: what a shift of brightness leaves. */
  readonly mean: number;
  readonly meanAbsolute: number;
  readonly rootMeanSquare: number;
  /** 99 of 100 values differ by so much or less. */
  readonly percentile99: number;
  readonly largest: number;
  /** The part of values that differ at all, 0 to 1. */
  readonly changed: number;
}

/** Counts differences of whole numbers 0 to 255, part by part. */
export class DifferenceCount {
  /** Index 255 is no difference. */
  private readonly counts = new Float64Array(2 * LEVELS - 1);

  add(reference: Float32Array, result: Float32Array): void {
    for (let i = 0; i < reference.length; i++) this.counts[result[i]! - reference[i]! + LEVELS - 1]! += 1;
  }

  get found(): DifferenceStatistics {
    const absolute = new Float64Array(LEVELS);
    let [total, sum] = [0, 0];
    this.counts.forEach((count, k) => {
      const difference = k - (LEVELS - 1);
      absolute[Math.abs(difference)]! += count;
      total += count;
      sum += count * difference;
    });
    const mean = (of: (difference: number) => number): number =>
      absolute.reduce((all, count, difference) => all + count * of(difference), 0) / total;
    let percentile99 = 0;
    for (let below = absolute[0]!; below < 0.99 * total; below += absolute[percentile99]!) percentile99 += 1;
    return {
      mean: sum / total,
      meanAbsolute: mean((difference) => difference),
      rootMeanSquare: Math.sqrt(mean((difference) => difference * difference)),
      percentile99,
      largest: absolute.findLastIndex((count) => count > 0),
      changed: 1 - absolute[0]! / total,
    };
  }
}
