import { cellLength, COLOURS, LANES, LARGEST, PAIR, placesInCell, type SeparableBasis } from './cells';

/**
 * What the weights of the cells are multiplied with before they are rounded to whole numbers: as much as keeps each within
 * 16 bits, and all that a sum adds up, times the largest number of a cell, within 32.
 */
export function weightScale({ functions, rows, gains }: SeparableBasis): number {
  const length = rows.length / 2;
  const most = new Float32Array(functions);
  const mostOfBoth = new Float32Array(functions);
  for (let i = 0; i < length; i++) {
    const [before, after] = [Math.abs(rows[i]!), Math.abs(rows[length + i]!)];
    const k = i % functions;
    most[k] = Math.max(most[k]!, before, after);
    mostOfBoth[k] = Math.max(mostOfBoth[k]!, before + after);
  }
  let largest = 0;
  let largestSum = 0;
  for (let colour = 0; colour < COLOURS; colour++) {
    for (let column = 0; column < functions; column++) {
      let sum = 0;
      for (let row = 0; row < functions; row++) {
        const gain = Math.abs(gains[(colour * functions + row) * functions + column]!);
        largest = Math.max(largest, most[row]! * gain);
        sum += mostOfBoth[row]! * gain;
      }
      largestSum = Math.max(largestSum, sum);
    }
  }
  // Rounding may make each of both lines' weights a half larger.
  const room = 2 ** 16 - functions;
  return largest === 0 ? 1 : Math.min(LARGEST / largest, room / largestSum);
}

/** The gains times `scale`: of each block, pair and colour those of the pair's first function, then of its second. */
export function laidGains({ functions, gains }: SeparableBasis, scale: number): Float32Array {
  const laid = new Float32Array(cellLength(functions));
  for (const [k, place] of placesInCell(functions).entries()) {
    const [lane, one] = [Math.floor(place / PAIR) % LANES, place % PAIR];
    laid[place - (place % (PAIR * LANES)) + one * LANES + lane] = scale * gains[k]!;
  }
  return laid;
}

/** The functions of all rows of pixels, at both cells, each row's in `step` numbers: zeros behind those that there are. */
export function layRows({ functions, rows }: SeparableBasis, into: Float32Array, step: number): void {
  into.fill(0);
  for (let i = 0, row = 0; i < rows.length; i += functions, row += step)
    for (let k = 0; k < functions; k++) into[row + k] = rows[i + k]!;
}
