import type { Samples } from '../metrics/samples';

/** JPEG codes squares of so many pixels. */
export const BLOCK = 8;
/** Differences beyond it are edges of the picture, not of blocks. */
const EDGE = 24;

export interface BlockGrid {
  /** Columns and rows before the first whole block, 0 to 7. */
  readonly x: number;
  readonly y: number;
  /**
   * How much the picture breaks at the blocks' edges, as a multiple of what it breaks elsewhere: 1 where there are
   * no blocks, about 1.2 where they begin to show in flat parts, 2 and more where they are plain to see.
   */
  readonly blocking: number;
}

/** For each phase 0 to 7, the sum and the number of third differences across it, in one direction. */
interface Breaks {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

const noBreaks = (): Breaks => ({ sums: new Float64Array(BLOCK), counts: new Float64Array(BLOCK) });

/** Third differences vanish where a picture is smooth to the second order; blocks are smooth but at their edges. */
function addBreaks({ width, height, values }: Samples, across: boolean, breaks: Breaks): void {
  const [step, line] = across ? [1, width] : [width, 1];
  const [length, lines] = across ? [width, height] : [height, width];
  for (let at = 1; at + 2 < length; at++) {
    let sum = 0;
    for (let k = 0; k < lines; k++) {
      const i = k * line + at * step;
      const third = values[i - step]! - 3 * values[i]! + 3 * values[i + step]! - values[i + 2 * step]!;
      sum += Math.min(EDGE, Math.abs(third));
    }
    // The break lies between `at` and the next: a block that begins there has that phase.
    const phase = (at + 1) % BLOCK;
    breaks.sums[phase]! += sum;
    breaks.counts[phase]! += lines;
  }
}

/** The phase that breaks most, and how much more than the others' median. */
function strongest({ sums, counts }: Breaks): { phase: number; ratio: number } {
  const means = Array.from(sums, (sum, phase) => sum / Math.max(1, counts[phase]!));
  const phase = means.indexOf(Math.max(...means));
  const others = means.filter((_, k) => k !== phase).sort((a, b) => a - b);
  const median = others[others.length >> 1]!;
  return { phase, ratio: median > 0 ? means[phase]! / median : 1 };
}

/**
 * Where a picture's JPEG blocks lie and how much they show (after Fan, de Queiroz: "Identification of bitmap
 * compression history: JPEG detection and quantizer estimation", 2003). `pieces` are parts of one picture whose
 * places in it are multiples of 8, samples in [0, 255].
 */
export function blockGrid(pieces: readonly Samples[]): BlockGrid {
  const [columns, rows] = [noBreaks(), noBreaks()];
  for (const piece of pieces) {
    addBreaks(piece, true, columns);
    addBreaks(piece, false, rows);
  }
  const [x, y] = [strongest(columns), strongest(rows)];
  return { x: x.phase, y: y.phase, blocking: Math.sqrt(x.ratio * y.ratio) };
}
