import { MemoryLayout } from '../../kernels/memoryLayout';
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
  /** How much of each set of coefficients is taken, as the decoder's controls stand; without controls one, all of it. */
  readonly sets: readonly number[];
}

/** How features lie as cells. */
export type CellForm = Pick<SeparableBasis, 'functions' | 'sets'>;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly sumRows: (places: number, weights: number, taps: number, cells: number, out: number) => void;
  readonly joinCells: (
    row: number,
    block: number,
    blocks: number,
    places: number,
    weights: number,
    width: number,
    out: number,
    plane: number,
  ) => void;
}

const COLOURS = 3;
/** Functions along the row that are a vector of each colour, and cells that are summed at once. */
const LANES = 4;
/** Numbers of a block: of each colour the coefficients of `LANES` functions along the row. */
const BLOCK = COLOURS * LANES;
const BYTES = 4;
const BLOCK_BYTES = BLOCK * BYTES;

/** What holds an axis's functions; those that there are not are zero. */
const blocksOf = (functions: number): number => Math.ceil(functions / LANES);

let compiled: Kernel | undefined;

function kernel(): Kernel {
  compiled ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SEPARABLE_BINARY, 'base64')))
    .exports as unknown as Kernel;
  return compiled;
}

/**
 * Features [set, colour, row's function, column's function, y, x] as cells [row's function, block of column's functions,
 * y, x, colour, column's function of the block], the sets added as far as they are taken: what the sums read lies side
 * by side.
 */
export function asCells({ rect, pixels }: Window, { functions, sets }: CellForm): Window {
  const { width, height, data } = pixels;
  const area = width * height;
  const blocks = blocksOf(functions);
  const cells = raster(width, height, BLOCK * functions * blocks);
  const coefficients = COLOURS * functions ** 2;
  for (let k = 0; k < coefficients; k++) {
    const column = k % functions;
    const row = Math.floor(k / functions) % functions;
    const colour = Math.floor(k / functions ** 2);
    const lane = column % LANES;
    const first = (row * blocks + (column - lane) / LANES) * area * BLOCK + colour * LANES + lane;
    for (const [set, share] of sets.entries()) {
      const from = (set * coefficients + k) * area;
      for (let i = 0, at = first; i < area; i++, at += BLOCK) cells.data[at]! += share * data[from + i]!;
    }
  }
  return { rect, pixels: cells };
}

/** Lines of cells that a row of pixels needs at most: those around it. */
const LINES = 2;

/** Of a line of the photo the cells from `first` to `last`, copied plane by plane to `into`, `planeStep` numbers apart. */
function copyLine(
  { rect, pixels }: Window,
  line: number,
  { first, last }: { readonly first: number; readonly last: number },
  planes: number,
  into: Float32Array,
  planeStep: number,
): void {
  const from = Math.max(first, rect.x);
  const end = Math.min(last + 1, rect.x + rect.width);
  if (end <= from) return;
  for (let plane = 0; plane < planes; plane++) {
    const start = ((plane * rect.height + line - rect.y) * rect.width + from - rect.x) * BLOCK;
    const at = plane * planeStep + (from - first) * BLOCK;
    into.set(pixels.data.subarray(start, start + (end - from) * BLOCK), at);
  }
}

/** The gains as the cells lie: [row's function, block, colour, column's function of the block]. */
function blockGains({ functions, gains }: SeparableBasis): Float32Array {
  const blocks = blocksOf(functions);
  const laid = new Float32Array(functions * blocks * BLOCK);
  for (let colour = 0; colour < COLOURS; colour++) {
    for (let row = 0; row < functions; row++) {
      for (let column = 0; column < functions; column++) {
        const lane = column % LANES;
        const at = (row * blocks + (column - lane) / LANES) * BLOCK + colour * LANES + lane;
        laid[at] = gains[(colour * functions + row) * functions + column]!;
      }
    }
  }
  return laid;
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
  const across = cellsOf(columns, columnRun);
  const width = Math.ceil((across.last - across.first + 1) / LANES) * LANES;
  const taps = 2 * functions;
  const blocks = blocksOf(functions);
  const rowBytes = width * BLOCK_BYTES;

  const layout = new MemoryLayout();
  const planes = functions * blocks;
  const cells = layout.take(planes * LINES * rowBytes);
  const sums = layout.take(blocks * rowBytes);
  const places = layout.take(blocks * taps * BYTES);
  const weights = layout.take(blocks * taps * BLOCK_BYTES);
  const columnPlaces = layout.take(2 * columnRun.count * BYTES);
  const columnWeights = layout.take(2 * blocks * LANES * columnRun.count * BYTES);
  const planeBytes = rowRun.count * columnRun.count * BYTES;
  const out = layout.take(COLOURS * planeBytes);
  const buffer = layout.ensure(memory);

  // Only the lines around a row of pixels are held, one in the place of the one before the other: they stay in the
  // processor's cache, where all of a tile's would not.
  const rowLength = rowBytes / BYTES;
  const held = new Float32Array(buffer, cells, planes * LINES * rowLength);
  const lineHeld: (number | undefined)[] = [];
  const placeOf = (line: number): number => {
    const place = Math.abs(line % LINES);
    if (lineHeld[place] !== line) {
      const into = held.subarray(place * rowLength);
      for (const part of parts) copyLine(part, line, across, planes, into, LINES * rowLength);
      lineHeld[place] = line;
    }
    return place;
  };

  const columnAt = new Int32Array(buffer, columnPlaces, 2 * columnRun.count);
  const columnBy = new Float32Array(buffer, columnWeights, 2 * blocks * LANES * columnRun.count).fill(0);
  for (let x = 0; x < columnRun.count; x++) {
    for (let cell = 0; cell < 2; cell++) {
      const i = cell * columns.length + columnRun.from + x;
      columnAt[2 * x + cell] = (columns.cells[i]! - across.first) * BLOCK_BYTES;
      for (let column = 0; column < functions; column++) {
        const block = Math.floor(column / LANES);
        columnBy[((x * blocks + block) * 2 + cell) * LANES + (column % LANES)] =
          basis.columns[i * functions + column]!;
      }
    }
  }

  const gains = blockGains(basis);
  const rowAt = new Int32Array(buffer, places, blocks * taps);
  const rowBy = new Float32Array(buffer, weights, blocks * taps * BLOCK);
  for (let y = 0; y < rowRun.count; y++) {
    for (let cell = 0; cell < 2; cell++) {
      const i = cell * rows.length + rowRun.from + y;
      const place = placeOf(rows.cells[i]!);
      for (let row = 0; row < functions; row++) {
        const value = basis.rows[i * functions + row]!;
        for (let block = 0; block < blocks; block++) {
          const tap = block * taps + cell * functions + row;
          rowAt[tap] = cells + ((row * blocks + block) * LINES + place) * rowBytes;
          const from = (row * blocks + block) * BLOCK;
          for (let k = 0; k < BLOCK; k++) rowBy[tap * BLOCK + k] = value * gains[from + k]!;
        }
      }
    }
    for (let block = 0; block < blocks; block++)
      sumRows(
        places + block * taps * BYTES,
        weights + block * taps * BLOCK_BYTES,
        taps,
        width,
        sums + block * rowBytes,
      );
    joinCells(
      sums,
      rowBytes,
      blocks,
      columnPlaces,
      columnWeights,
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
