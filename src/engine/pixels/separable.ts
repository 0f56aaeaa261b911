import { MemoryLayout } from '../kernels/memoryLayout';
import { cellsOf, type AxisPositions, type Run } from '../kernels/positions';
import type { Raster } from '../kernels/raster';
import {
  blocksOf,
  cellLength,
  COLOURS,
  copyLine,
  LANES,
  PAIR,
  pairsOf,
  type Cells,
  type SeparableBasis,
} from './cells';
import { laidGains, layRows, weightScale } from './cellWeights';
import type { PixelRows } from './pixelRows';
import { SEPARABLE_BINARY } from './separableBinary';
import { FLOAT_BYTES, kernel } from './tileKernel';

/** Pixels that are summed of cells. */
export interface CellPicture {
  readonly rows: AxisPositions;
  readonly columns: AxisPositions;
  readonly basis: SeparableBasis;
  /** Runs of rows from the top down, one right after the other, and the cells that hold all that they need. */
  readonly bands: readonly CellBand[];
  /** The columns that are made. */
  readonly across: Run;
}

export interface CellBand {
  readonly run: Run;
  /** From the left, each all of the run's lines; they may have columns in common. */
  readonly parts: readonly Cells[];
}

interface Kernel {
  readonly layWeights: (
    values: number,
    step: number,
    gains: number,
    pairs: number,
    blocks: number,
    out: number,
  ) => void;
  readonly sumCells: (
    first: number,
    second: number,
    weights: number,
    pairs: number,
    stride: number,
    cells: number,
    ...rest: [blocks: number, sumBytes: number, out: number, factor: number]
  ) => void;
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

let compiled: Kernel | undefined;

/** In the memory of `tileKernel`, so that rows are finished where they are made. */
function separableKernel(): Kernel {
  compiled ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SEPARABLE_BINARY, 'base64')), {
    tile: { memory: kernel().memory },
  }).exports as unknown as Kernel;
  return compiled;
}

/** Bytes of a cell's sums of a block, and of a number of a cell. */
const SUM_BYTES = COLOURS * LANES * FLOAT_BYTES;
const CELL_BYTES = Int16Array.BYTES_PER_ELEMENT;
/** Lines of cells that a row of pixels needs at most: those around it. */
const LINES = 2;

/** Makes the rows of a picture one after the other; of cells no more than the two lines around a row are held. */
class SummedRows implements PixelRows {
  readonly planeBytes: number;
  private readonly blocks: number;
  private readonly pairs: number;
  private readonly cell: number;
  /** Cells of a line, and those behind it that are summed with its last ones. */
  private readonly width: number;
  private readonly scale: number;
  private readonly cells: { readonly first: number; readonly last: number };
  private readonly kernel = separableKernel();
  private lines = 0;
  private sums = 0;
  private values = 0;
  private gains = 0;
  private weights = 0;
  private places = 0;
  private columnWeights = 0;
  private out = 0;
  private held = new Int16Array();
  private readonly lineHeld: (number | undefined)[] = [];
  private band = 0;

  constructor(private readonly picture: CellPicture) {
    const { functions } = picture.basis;
    this.blocks = blocksOf(functions);
    this.pairs = pairsOf(functions);
    this.scale = weightScale(picture.basis);
    this.cell = cellLength(functions);
    this.cells = cellsOf(picture.columns, picture.across);
    this.width = this.cells.last - this.cells.first + LANES;
    this.planeBytes = picture.across.count * FLOAT_BYTES;
  }

  reserve(layout: MemoryLayout): void {
    const { rows, across } = this.picture;
    this.lines = layout.take(LINES * this.lineBytes);
    this.sums = layout.take(this.blocks * this.width * SUM_BYTES);
    this.values = layout.take(2 * rows.length * this.rowBytes);
    this.gains = layout.take(this.cell * FLOAT_BYTES);
    this.weights = layout.take(LINES * this.cell * CELL_BYTES);
    this.places = layout.take(2 * across.count * FLOAT_BYTES);
    this.columnWeights = layout.take(2 * this.blocks * LANES * across.count * FLOAT_BYTES);
    this.out = layout.take(COLOURS * this.planeBytes);
  }

  begin(buffer: ArrayBuffer): void {
    const { basis, rows } = this.picture;
    this.held = new Int16Array(buffer, this.lines, (LINES * this.lineBytes) / CELL_BYTES);
    new Float32Array(buffer, this.gains, this.cell).set(laidGains(basis, this.scale));
    const rowLength = this.rowBytes / FLOAT_BYTES;
    layRows(basis, new Float32Array(buffer, this.values, 2 * rows.length * rowLength), rowLength);
    this.layColumns(buffer);
  }

  at(y: number): number {
    const { rows, bands, across } = this.picture;
    const row = bands[0]!.run.from + y;
    while (row >= bands[this.band]!.run.from + bands[this.band]!.run.count) {
      this.band += 1;
      this.lineHeld.length = 0;
    }
    const first = this.lineAt(rows.cells[row]!);
    const second = this.lineAt(rows.cells[rows.length + row]!);
    const { kernel: run, blocks, pairs, weights, sums, out } = this;
    const values = this.values + row * this.rowBytes;
    run.layWeights(values, rows.length * this.rowBytes, this.gains, pairs, blocks, weights);
    const cellBytes = this.cell * CELL_BYTES;
    const sumBytes = this.width * SUM_BYTES;
    // What is written behind a part's last cell, and the column that it shares with the next, is the next one's.
    for (const { rect, unit } of bands[this.band]!.parts) {
      const from = Math.max(rect.x, this.cells.first);
      const count = Math.min(rect.x + rect.width, this.cells.last + 1) - from;
      if (count <= 0) continue;
      const [at, into] = [(from - this.cells.first) * cellBytes, (from - this.cells.first) * SUM_BYTES];
      const rest = [blocks, sumBytes, sums + into, unit / this.scale] as const;
      run.sumCells(first + at, second + at, weights, pairs, cellBytes, count, ...rest);
    }
    const { places, columnWeights, planeBytes } = this;
    run.joinCells(sums, sumBytes, blocks, places, columnWeights, across.count, out, planeBytes);
    return out;
  }

  private get lineBytes(): number {
    return this.width * this.cell * CELL_BYTES;
  }

  /** Of the functions of one row of pixels. */
  private get rowBytes(): number {
    return PAIR * this.pairs * FLOAT_BYTES;
  }

  /**
   * Where a line of cells lies, copied in the place of the one before the other where it is not there: so they stay in
   * the processor's cache, where all of a tile's would not.
   */
  private lineAt(line: number): number {
    const place = Math.abs(line % LINES);
    if (this.lineHeld[place] !== line) {
      const into = this.held.subarray((place * this.lineBytes) / CELL_BYTES);
      for (const part of this.picture.bands[this.band]!.parts) copyLine(part, line, this.cells, into);
      this.lineHeld[place] = line;
    }
    return this.lines + place * this.lineBytes;
  }

  /** Of each pixel of a row: where its two cells begin in a row of sums, and the functions at both. */
  private layColumns(buffer: ArrayBuffer): void {
    const { columns, across, basis } = this.picture;
    const { functions } = basis;
    const at = new Int32Array(buffer, this.places, 2 * across.count);
    const by = new Float32Array(buffer, this.columnWeights, 2 * this.blocks * LANES * across.count).fill(0);
    for (let x = 0; x < across.count; x++) {
      for (let cell = 0; cell < 2; cell++) {
        const i = cell * columns.length + across.from + x;
        at[2 * x + cell] = (columns.cells[i]! - this.cells.first) * SUM_BYTES;
        for (let column = 0; column < functions; column++) {
          const block = Math.floor(column / LANES);
          by[((x * this.blocks + block) * 2 + cell) * LANES + (column % LANES)] =
            basis.columns[i * functions + column]!;
        }
      }
    }
  }
}

/** The rows of a picture, in the kernel's memory. */
export const summedRows = (picture: CellPicture): PixelRows => new SummedRows(picture);

/** The pixels of a picture, written where they lie in `into` (three channels, as many rows and columns as there are). */
export function sumCells(picture: CellPicture, into: Raster): void {
  const rows = summedRows(picture);
  const layout = new MemoryLayout();
  rows.reserve(layout);
  const buffer = layout.ensure(kernel().memory);
  rows.begin(buffer);
  const { bands, across } = picture;
  const top = bands[0]!.run.from;
  const { from, count } = bands.at(-1)!.run;
  for (let y = top; y < from + count; y++) {
    const at = rows.at(y - top);
    for (let colour = 0; colour < COLOURS; colour++) {
      const row = new Float32Array(buffer, at + colour * rows.planeBytes, across.count);
      into.data.set(row, (colour * into.height + y) * into.width + across.from);
    }
  }
}
