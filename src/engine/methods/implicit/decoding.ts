import { rect } from '../../../shared/geometry';
import type { Evaluate } from '../../runtime/graphRunner';
import type { SpentBuffers } from '../../pixels/spentBuffers';
import type { Raster } from '../../kernels/raster';
import { cutOut, type Window } from '../../kernels/window';
import { cutRun, type BatchLimits } from './batches';
import { decode, type ImplicitGraphs, type Lattice } from './graphs';
import { cellsOf, type Run } from '../../kernels/positions';

/** What output pixels are made with, and where they go. */
export interface Decoding {
  readonly graphs: ImplicitGraphs;
  readonly lattice: Lattice;
  readonly limits: BatchLimits;
  readonly evaluate: Evaluate;
  readonly buffers: SpentBuffers;
  readonly signal: AbortSignal;
  /** Three channels; rows and columns as the lattice has them, or exchanged. */
  readonly into: Raster;
  readonly transposed: boolean;
  /** 1: pixels are put into place; less: so much of them is added. */
  readonly share: number;
}

/** The output pixels of a run of rows and one of columns, all of whose cells lie in `features`. */
export async function decodeRuns(
  decoding: Decoding,
  features: Window,
  rowRun: Run,
  columnRun: Run,
): Promise<void> {
  const { graphs, lattice, limits, evaluate, buffers, signal } = decoding;
  for (const rows of cutRun(lattice.rows, rowRun, limits)) {
    for (const columns of cutRun(lattice.columns, columnRun, limits)) {
      signal.throwIfAborted();
      const down = cellsOf(lattice.rows, rows);
      const across = cellsOf(lattice.columns, columns);
      const [width, height] = [across.last - across.first + 1, down.last - down.first + 1];
      const part = {
        x: across.first,
        y: down.first,
        features: cutOut(features, rect(across.first, down.first, width, height)),
      };
      const decoded = buffers.take(3 * rows.count * columns.count);
      await decode(graphs, part, lattice, [rows, columns], decoded, evaluate);
      place(decoded, rows, columns, decoding);
      buffers.give(decoded.buffer);
    }
  }
}

function place(decoded: Float32Array, rows: Run, columns: Run, decoding: Decoding): void {
  const { into, transposed, share } = decoding;
  const { width } = into;
  const [stepRow, stepColumn] = transposed ? [1, width] : [width, 1];
  for (let c = 0, k = 0; c < 3; c++) {
    for (let row = 0; row < rows.count; row++) {
      let at = c * width * into.height + (rows.from + row) * stepRow + columns.from * stepColumn;
      if (share === 1 && !transposed) {
        into.data.set(decoded.subarray(k, k + columns.count), at);
        k += columns.count;
        continue;
      }
      for (let column = 0; column < columns.count; column++, k++, at += stepColumn)
        into.data[at]! += share * decoded[k]!;
    }
  }
}
