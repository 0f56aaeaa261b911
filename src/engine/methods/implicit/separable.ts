import { MemoryLayout, VECTOR_BYTES } from '../../kernels/memoryLayout';
import { raster, type Raster } from '../../kernels/raster';
import type { Window } from '../../kernels/window';
import { cellsOf, type AxisPositions, type Run } from './positions';
import { SEPARABLE_BINARY } from './separableBinary';

/**
 * Decoders whose pixels are sums over the four cells around them of coefficients times a product of two functions,
 * one of the offset along the rows, one along the columns: the functions of an axis are the same for all of its
 * pixels, so the sum along the rows is made once a row of pixels, and that along the columns for each pixel. As
 * matrices, which graphs have to use, most of what is multiplied is zeros.
 */
export interface SeparableBasis {
  /** Functions of an axis. */
  readonly functions: number;
  /** [2, rows, functions]: those of the cell before and after each row of pixels, times the cell's share. */
  readonly rows: Float32Array;
  /** [2, columns, functions]. */
  readonly columns: Float32Array;
  /** [3, functions, functions]: factors of a colour's coefficients, by the row's function and the column's. */
  readonly gains: Float32Array;
}

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly sumRows: (
    places: number,
    weights: number,
    taps: number,
    vectors: number,
    cells: number,
    out: number,
  ) => void;
  readonly joinCells: (
    row: number,
    places: number,
    weights: number,
    vectors: number,
    width: number,
    out: number,
    plane: number,
  ) => void;
}

const COLOURS = 3;
/** Numbers of a vector: the three colours', and one that is not used. */
const LANES = 4;
const BYTES = 4;

let compiled: Kernel | undefined;

function kernel(): Kernel {
  compiled ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SEPARABLE_BINARY, 'base64')))
    .exports as unknown as Kernel;
  return compiled;
}

/**
 * Features [colour, row's function, column's function, y, x] as cells [row's function, y, x, column's function, 4]:
 * what the sums read lies side by side. `channels` are then the numbers of a cell.
 */
export function asCells({ rect, pixels }: Window, functions: number): Window {
  const { width, height, data } = pixels;
  const area = width * height;
  const cells = raster(width, height, LANES * functions ** 2);
  const step = LANES * functions;
  for (let colour = 0; colour < COLOURS; colour++) {
    for (let row = 0; row < functions; row++) {
      for (let column = 0; column < functions; column++) {
        const from = ((colour * functions + row) * functions + column) * area;
        let at = row * area * step + column * LANES + colour;
        for (let i = 0; i < area; i++, at += step) cells.data[at] = data[from + i]!;
      }
    }
  }
  return { rect, pixels: cells };
}

/** What of a part lies within columns `first` to `last` of the photo, and rows, copied to the same place of `into`. */
function copyCells(
  { rect, pixels }: Window,
  { first, last }: { first: number; last: number },
  down: { first: number; last: number },
  functions: number,
  into: Float32Array,
  rowLength: number,
): void {
  const step = LANES * functions;
  const from = Math.max(first, rect.x);
  const end = Math.min(last + 1, rect.x + rect.width);
  if (end <= from) return;
  const height = down.last - down.first + 1;
  for (let row = 0; row < functions; row++) {
    for (let y = down.first; y <= down.last; y++) {
      const start = ((row * rect.height + y - rect.y) * rect.width + from - rect.x) * step;
      const at = (row * height + y - down.first) * rowLength + (from - first) * step;
      into.set(pixels.data.subarray(start, start + (end - from) * step), at);
    }
  }
}

/**
 * The pixels of a run of rows and one of columns, written into `into` (three channels, the lattice's size). `parts`:
 * cells (`asCells`) that together hold those around all of the pixels, each all of the rows'.
 */
export function decodeSeparable(
  parts: readonly Window[],
  { rows, columns }: { readonly rows: AxisPositions; readonly columns: AxisPositions },
  [rowRun, columnRun]: readonly [Run, Run],
  basis: SeparableBasis,
  into: Raster,
): void {
  const { functions } = basis;
  const { memory, sumRows, joinCells } = kernel();
  const down = cellsOf(rows, rowRun);
  const across = cellsOf(columns, columnRun);
  const height = down.last - down.first + 1;
  const width = Math.ceil((across.last - across.first + 1) / LANES) * LANES;
  const taps = 2 * functions;
  const cellBytes = functions * VECTOR_BYTES;

  const layout = new MemoryLayout();
  const cells = layout.take(functions * height * width * cellBytes);
  const sums = layout.take(width * cellBytes);
  const places = layout.take(taps * BYTES);
  const weights = layout.take(taps * cellBytes);
  const columnPlaces = layout.take(2 * columnRun.count * BYTES);
  const columnWeights = layout.take(2 * functions * columnRun.count * BYTES);
  const planeBytes = rowRun.count * columnRun.count * BYTES;
  const out = layout.take(COLOURS * planeBytes);
  const buffer = layout.ensure(memory);

  const rowLength = (width * cellBytes) / BYTES;
  const held = new Float32Array(buffer, cells, functions * height * rowLength);
  for (const part of parts) copyCells(part, across, down, functions, held, rowLength);

  const columnAt = new Int32Array(buffer, columnPlaces, 2 * columnRun.count);
  const columnBy = new Float32Array(buffer, columnWeights, 2 * functions * columnRun.count);
  for (let x = 0; x < columnRun.count; x++) {
    for (let cell = 0; cell < 2; cell++) {
      const i = cell * columns.length + columnRun.from + x;
      columnAt[2 * x + cell] = (columns.cells[i]! - across.first) * cellBytes;
      columnBy.set(basis.columns.subarray(i * functions, (i + 1) * functions), (2 * x + cell) * functions);
    }
  }

  const rowAt = new Int32Array(buffer, places, taps);
  const rowBy = new Float32Array(buffer, weights, taps * functions * LANES);
  for (let y = 0; y < rowRun.count; y++) {
    for (let cell = 0; cell < 2; cell++) {
      const i = cell * rows.length + rowRun.from + y;
      const line = rows.cells[i]! - down.first;
      for (let row = 0; row < functions; row++) {
        const tap = cell * functions + row;
        rowAt[tap] = cells + (row * height + line) * width * cellBytes;
        const value = basis.rows[i * functions + row]!;
        for (let column = 0; column < functions; column++) {
          for (let colour = 0; colour < COLOURS; colour++) {
            const gain = basis.gains[(colour * functions + row) * functions + column]!;
            rowBy[(tap * functions + column) * LANES + colour] = value * gain;
          }
        }
      }
    }
    sumRows(places, weights, taps, functions, width, sums);
    joinCells(
      sums,
      columnPlaces,
      columnWeights,
      functions,
      columnRun.count,
      out + y * columnRun.count * BYTES,
      planeBytes,
    );
  }

  const pixels = new Float32Array(buffer, out, (COLOURS * planeBytes) / BYTES);
  for (let colour = 0, k = 0; colour < COLOURS; colour++) {
    for (let y = 0; y < rowRun.count; y++, k += columnRun.count) {
      const at = (colour * into.height + rowRun.from + y) * into.width + columnRun.from;
      into.data.set(pixels.subarray(k, k + columnRun.count), at);
    }
  }
}
