import { cellsOf, type AxisPositions, type Run } from '../../kernels/positions';

/** A run of output pixels that belong to one tile of features. */
export interface TileRun extends Run {
  /** Number of the tile along its axis: it begins at source pixel `tile * side`. */
  readonly tile: number;
}

/** The tile that a cell lies in; the one mirrored before the photo is in the first. */
const tileOfCell = (cell: number, side: number): number => Math.max(0, Math.floor(cell / side));

/**
 * The output pixels of an axis by the tile that the cell before each lies in; the cell after is at most one
 * further. In the order of the output.
 */
export function tileRuns({ cells, length }: AxisPositions, side: number): TileRun[] {
  const runs: TileRun[] = [];
  for (let from = 0; from < length;) {
    const tile = tileOfCell(cells[from]!, side);
    let end = from + 1;
    while (end < length && tileOfCell(cells[end]!, side) === tile) end++;
    runs.push({ tile, from, count: end - from });
    from = end;
  }
  return runs;
}

/** How much a decoder does well to do at once, along one axis. */
export interface BatchLimits {
  readonly pixels: number;
  readonly cells: number;
}

/** A run in even parts within the limits; a single output pixel is always within them. */
export function cutRun(axis: AxisPositions, run: Run, limits: BatchLimits): Run[] {
  const { first, last } = cellsOf(axis, run);
  const parts = Math.min(
    run.count,
    Math.max(Math.ceil(run.count / limits.pixels), Math.ceil((last - first) / limits.cells)),
  );
  return Array.from({ length: Math.max(1, parts) }, (_, part) => {
    const start = Math.floor((run.count * part) / Math.max(1, parts));
    const end = Math.floor((run.count * (part + 1)) / Math.max(1, parts));
    return { from: run.from + start, count: end - start };
  });
}

/** Neighbouring runs in as few groups of at most `most` as will do, as even as can be. */
export function grouped<T>(runs: readonly T[], most: number): T[][] {
  const count = Math.ceil(runs.length / most);
  const cut = (group: number): number => Math.floor((runs.length * group) / count);
  return Array.from({ length: count }, (_, group) => runs.slice(cut(group), cut(group + 1)));
}
