import { psnrOf } from './psnr';

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

/** Counts differences of samples of 8 bits, part by part. */
export class DifferenceCount {
  /** Index 255 is no difference. */
  private readonly counts = new Float64Array(2 * LEVELS - 1);

  add(reference: Uint8Array, result: Uint8Array): void {
    // In turns into two tables: neighbours differ by the same so often that one count would wait for the other.
    const [even, odd] = [new Int32Array(2 * LEVELS - 1), new Int32Array(2 * LEVELS - 1)];
    const pairs = reference.length - (reference.length % 2);
    for (let i = 0; i < pairs; i += 2) {
      even[result[i]! - reference[i]! + LEVELS - 1]! += 1;
      odd[result[i + 1]! - reference[i + 1]! + LEVELS - 1]! += 1;
    }
    if (pairs < reference.length) even[result[pairs]! - reference[pairs]! + LEVELS - 1]! += 1;
    for (let k = 0; k < this.counts.length; k++) this.counts[k]! += even[k]! + odd[k]!;
  }

  /** The peak signal-to-noise ratio in dB of all that was counted, as `ErrorSum` has it; null where nothing differs. */
  get psnr(): number | null {
    let [total, squares] = [0, 0];
    this.counts.forEach((count, k) => {
      total += count;
      squares += count * (k - (LEVELS - 1)) ** 2;
    });
    return psnrOf(squares, total);
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
