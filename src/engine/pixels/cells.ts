import { raster } from '../kernels/raster';
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

export const COLOURS = 3;
/** Functions along the row that are a vector of each colour, and cells that are summed at once. */
export const LANES = 4;
/** Numbers of a tap, a function down the column: of each colour the coefficients of `LANES` functions along the row. */
export const TAP = COLOURS * LANES;

/** What holds an axis's functions; those that there are not are zero. */
export const blocksOf = (functions: number): number => Math.ceil(functions / LANES);

/** Numbers of a cell. */
export const cellLength = (functions: number): number => blocksOf(functions) * functions * TAP;

/**
 * Features [set, colour, row's function, column's function, y, x] as cells [y, x, block of column's functions, row's
 * function, colour, column's function of the block], the sets added as far as they are taken. `data`, where it is given,
 * is written over: `cellLength` numbers a pixel, whatever they are.
 */
export function asCells(
  { rect, pixels }: Window,
  { functions, sets }: CellForm,
  data?: Float32Array,
): Window {
  const { width, height } = pixels;
  const area = width * height;
  const step = cellLength(functions);
  const cells = raster(width, height, step, data);
  if (data && functions % LANES !== 0) data.fill(0);
  const places = placesInCell(functions);
  for (let y = 0; y < height; y++) {
    for (const [k, place] of places.entries()) {
      for (const [set, share] of sets.entries()) {
        const from = (set * places.length + k) * area + y * width;
        for (let x = 0, at = y * width * step + place; x < width; x++, at += step) {
          const value = share * pixels.data[from + x]!;
          cells.data[at] = set === 0 ? value : cells.data[at]! + value;
        }
      }
    }
  }
  return { rect, pixels: cells };
}

/** Where each coefficient [colour, row's function, column's function] lies in its cell. */
export function placesInCell(functions: number): Int32Array {
  return Int32Array.from({ length: COLOURS * functions ** 2 }, (_, k) => {
    const column = k % functions;
    const row = Math.floor(k / functions) % functions;
    const colour = Math.floor(k / functions ** 2);
    const lane = column % LANES;
    return (((column - lane) / LANES) * functions + row) * TAP + colour * LANES + lane;
  });
}

/** Of a line of the photo the cells from `first` to `last`, as far as they are there, copied to `into`. */
export function copyLine(
  { rect, pixels }: Window,
  line: number,
  { first, last }: { readonly first: number; readonly last: number },
  into: Float32Array,
): void {
  const from = Math.max(first, rect.x);
  const end = Math.min(last + 1, rect.x + rect.width);
  if (end <= from) return;
  const step = pixels.channels;
  const start = ((line - rect.y) * rect.width + from - rect.x) * step;
  into.set(pixels.data.subarray(start, start + (end - from) * step), (from - first) * step);
}
