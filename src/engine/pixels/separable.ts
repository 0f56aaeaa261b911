import { MemoryLayout } from '../kernels/memoryLayout';
import { cellsOf, type AxisPositions, type Run } from '../kernels/positions';
import type { Raster } from '../kernels/raster';
import type { Window } from '../kernels/window';
import { blocksOf, cellLength, COLOURS, copyLine, LANES, placesInCell, TAP, type CellForm } from './cells';
import type { PixelRows } from './pixelRows';
import { SEPARABLE_BINARY } from './separableBinary';
import { FLOAT_BYTES, kernel } from './tileKernel';

/**
 * Decoders whose pixels are sums over the four cells around them of coefficients times a product of two functions,
 * one of the offset along the rows, one along the columns: the functions of an axis are the same for all of its
 * pixels, so the sum along the rows is made once a row of pixels, and that along the columns for each pixel. As
 * matrices, which graphs have to use, most of what is multiplied is zeros.
 */
export interface SeparableBasis extends CellForm {
  /** [2, rows, functions]: those of the cell before and after each row of pixels, times the cell's share. */
  readonly rows: Float32Array;
  /** [2, columns, functions]. */
  readonly columns: Float32Array;
  /** [3, functions, functions]: factors of a colour's coefficients, by the row's function and the column's. */
  readonly gains: Float32Array;
}

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
  /** `asCells`: side by side, each all of the run's lines. */
  readonly parts: readonly Window[];
}

interface Kernel {
  readonly layWeights: (
    values: number,
    step: number,
    gains: number,
    functions: number,
    blocks: number,
    out: number,
  ) => void;
  readonly sumCells: (
    first: number,
    second: number,
    weights: number,
    functions: number,
    stride: number,
    cells: number,
    out: number,
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

const TAP_BYTES = TAP * FLOAT_BYTES;
/** Lines of cells that a row of pixels needs at most: those around it. */
const LINES = 2;

/** The gains as the taps of a cell lie. */
function laidGains({ functions, gains }: SeparableBasis): Float32Array {
  const laid = new Float32Array(cellLength(functions));
  for (const [k, place] of placesInCell(functions).entries()) laid[place] = gains[k]!;
  return laid;
}

/** Makes the rows of a picture one after the other; of cells no more than the two lines around a row are held. */
class SummedRows implements PixelRows {
  readonly planeBytes: number;
  private readonly blocks: number;
  private readonly cell: number;
  /** Cells of a line, a multiple of `LANES`. */
  private readonly width: number;
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
  private held = new Float32Array();
  private readonly lineHeld: (number | undefined)[] = [];
  private band = 0;

  constructor(private readonly picture: CellPicture) {
    const { functions } = picture.basis;
    this.blocks = blocksOf(functions);
    this.cell = cellLength(functions);
    this.cells = cellsOf(picture.columns, picture.across);
    this.width = Math.ceil((this.cells.last - this.cells.first + 1) / LANES) * LANES;
    this.planeBytes = picture.across.count * FLOAT_BYTES;
  }

  reserve(layout: MemoryLayout): void {
    const { basis, across } = this.picture;
    this.lines = layout.take(LINES * this.lineBytes);
    this.sums = layout.take(this.blocks * this.width * TAP_BYTES);
    this.values = layout.take(basis.rows.byteLength);
    this.gains = layout.take(this.cell * FLOAT_BYTES);
    this.weights = layout.take(LINES * this.cell * FLOAT_BYTES);
    this.places = layout.take(2 * across.count * FLOAT_BYTES);
    this.columnWeights = layout.take(2 * this.blocks * LANES * across.count * FLOAT_BYTES);
    this.out = layout.take(COLOURS * this.planeBytes);
  }

  begin(buffer: ArrayBuffer): void {
    const { basis } = this.picture;
    this.held = new Float32Array(buffer, this.lines, (LINES * this.lineBytes) / FLOAT_BYTES);
    new Float32Array(buffer, this.values, basis.rows.length).set(basis.rows);
    new Float32Array(buffer, this.gains, this.cell).set(laidGains(basis));
    this.layColumns(buffer);
  }

  at(y: number): number {
    const { rows, basis, bands } = this.picture;
    const row = bands[0]!.run.from + y;
    while (row >= bands[this.band]!.run.from + bands[this.band]!.run.count) {
      this.band += 1;
      this.lineHeld.length = 0;
    }
    const { kernel: run, blocks } = this;
    const { functions } = basis;
    const first = this.lineAt(rows.cells[row]!);
    const second = this.lineAt(rows.cells[rows.length + row]!);
    const axisBytes = rows.length * functions * FLOAT_BYTES;
    const values = this.values + row * functions * FLOAT_BYTES;
    run.layWeights(values, axisBytes, this.gains, functions, blocks, this.weights);
    const blockBytes = functions * TAP_BYTES;
    const sumBytes = this.width * TAP_BYTES;
    const cellBytes = this.cell * FLOAT_BYTES;
    for (let block = 0; block < blocks; block++) {
      const from = block * blockBytes;
      const weights = this.weights + LINES * from;
      const out = this.sums + block * sumBytes;
      run.sumCells(first + from, second + from, weights, functions, cellBytes, this.width, out);
    }
    const { count } = this.picture.across;
    const { sums, places, columnWeights, out, planeBytes } = this;
    run.joinCells(sums, sumBytes, blocks, places, columnWeights, count, out, planeBytes);
    return out;
  }

  private get lineBytes(): number {
    return this.width * this.cell * FLOAT_BYTES;
  }

  /**
   * Where a line of cells lies, copied in the place of the one before the other where it is not there: so they stay in
   * the processor's cache, where all of a tile's would not.
   */
  private lineAt(line: number): number {
    const place = Math.abs(line % LINES);
    if (this.lineHeld[place] !== line) {
      const into = this.held.subarray((place * this.lineBytes) / FLOAT_BYTES);
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
        at[2 * x + cell] = (columns.cells[i]! - this.cells.first) * TAP_BYTES;
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
