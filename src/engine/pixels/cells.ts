import type { Rect } from '../../shared/geometry';
import type { Window } from '../kernels/window';

/**
 * How the coefficients of a separable decoder lie as cells: everything of one pixel of the photo side by side, so that
 * the sums of a row of pixels read on from cell to cell.
 */
export interface CellForm {
  /** Functions of an axis. */
  readonly functions: number;
  /** How much of each set of coefficients is taken, as the decoder's controls stand; without controls one, all of it. */
  readonly sets: readonly number[];
}

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

/**
 * Cells of a rectangle of the photo, as whole numbers of 16 bits: the sums read half the memory that floats take, and
 * are twice as fast. Rounding moves a pixel by less than a twentieth of a step of 8 bits.
 */
export interface Cells {
  readonly rect: Rect;
  /** Numbers of a cell: `cellLength` of its functions. */
  readonly length: number;
  /** Row by row `rect.width` cells, each as `placesInCell` says. */
  readonly values: Int16Array;
  /** What one of `values` stands for. */
  readonly unit: number;
}

export const COLOURS = 3;
/** Functions along the row that are a vector of each colour, and cells that are summed at once. */
export const LANES = 4;
/** Functions down the column whose numbers lie side by side, to be multiplied and added by one instruction. */
export const PAIR = 2;
/** Numbers of a pair: of each colour the coefficients of `LANES` functions along the row. */
const PAIR_LENGTH = COLOURS * LANES * PAIR;
/** The largest number of a cell; its negative is the smallest. */
export const LARGEST = 32_767;

/** What holds an axis's functions along the row; those that there are not are zero. */
export const blocksOf = (functions: number): number => Math.ceil(functions / LANES);

/** What holds them down the column. */
export const pairsOf = (functions: number): number => Math.ceil(functions / PAIR);

/** Numbers of a cell. */
export const cellLength = (functions: number): number =>
  blocksOf(functions) * pairsOf(functions) * PAIR_LENGTH;

/**
 * Features [set, colour, row's function, column's function, y, x] as cells, the sets added as far as they are taken.
 * `values`, where they are given, are written over: `cellLength` numbers a pixel, whatever they are.
 */
export function asCells(
  { rect, pixels }: Window,
  { functions, sets }: CellForm,
  values: Int16Array = new Int16Array(pixels.width * pixels.height * cellLength(functions)),
): Cells {
  const area = pixels.width * pixels.height;
  const length = cellLength(functions);
  const places = placesInCell(functions);
  const coefficients = takenOf(pixels.data, sets, places.length * area);
  const largest = coefficients.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = largest / LARGEST;
  const perUnit = largest === 0 ? 0 : LARGEST / largest;
  if (places.length < length) values.fill(0);
  for (let y = 0; y < pixels.height; y++) {
    for (const [k, place] of places.entries()) {
      const from = k * area + y * pixels.width;
      for (let x = 0, at = y * pixels.width * length + place; x < pixels.width; x++, at += length)
        values[at] = Math.round(perUnit * coefficients[from + x]!);
    }
  }
  return { rect, length, values, unit };
}

/** The sum of sets of coefficients, `length` each, as far as they are taken. */
function takenOf(data: Float32Array, sets: readonly number[], length: number): Float32Array {
  if (sets.length === 1 && sets[0] === 1) return data;
  const taken = new Float32Array(length);
  for (const [set, share] of sets.entries()) {
    const from = set * length;
    for (let i = 0; i < length; i++) taken[i]! += share * data[from + i]!;
  }
  return taken;
}

/** Where each coefficient [colour, row's function, column's function] lies in its cell. */
export function placesInCell(functions: number): Int32Array {
  return Int32Array.from({ length: COLOURS * functions ** 2 }, (_, k) => {
    const column = k % functions;
    const row = Math.floor(k / functions) % functions;
    const colour = Math.floor(k / functions ** 2);
    const [lane, one] = [column % LANES, row % PAIR];
    const pair = ((column - lane) / LANES) * pairsOf(functions) + (row - one) / PAIR;
    return pair * PAIR_LENGTH + (colour * LANES + lane) * PAIR + one;
  });
}

/** Of a line of the photo the cells from `first` to `last`, as far as they are there, copied to `into`. */
export function copyLine(
  { rect, length, values }: Cells,
  line: number,
  { first, last }: { readonly first: number; readonly last: number },
  into: Int16Array,
): void {
  const from = Math.max(first, rect.x);
  const end = Math.min(last + 1, rect.x + rect.width);
  if (end <= from) return;
  const start = ((line - rect.y) * rect.width + from - rect.x) * length;
  into.set(values.subarray(start, start + (end - from) * length), (from - first) * length);
}
