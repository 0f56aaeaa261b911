import { cellLength, type SeparableBasis } from '../../pixels/cells';
import type { CellBand, CellPicture } from '../../pixels/separable';
import { grouped, tileRuns, type TileRun } from './batches';
import { tileOf, type FeaturePlan, type FeatureTiles, type CellEncoding } from './featureTiles';
import type { Lattice } from './graphs';

/** Cells that a picture is summed of at once: more are summed a part after the other. */
const MOST_BYTES = 128 * 2 ** 20;

/** A part of a picture, and all that it is summed of. */
export interface CellPart {
  readonly rows: readonly TileRun[];
  readonly columns: readonly TileRun[];
}

/** Where the pixels of a separable decoder find their cells: the tiles of features that they lie in. */
export class CellTiles {
  constructor(
    private readonly tiles: FeatureTiles,
    private readonly plan: FeaturePlan,
  ) {}

  /** The lattice in as few parts as may be held; nearly always one. From the top down, and each from the left. */
  parts({ rows, columns }: Lattice, { functions }: SeparableBasis): CellPart[] {
    const { side } = this.plan;
    const tileBytes = Int16Array.BYTES_PER_ELEMENT * cellLength(functions) * (side + 1) ** 2;
    const most = Math.max(1, Math.floor(MOST_BYTES / tileBytes));
    return grouped(tileRuns(columns, side), most).flatMap((across) =>
      grouped(tileRuns(rows, side), Math.max(1, Math.floor(most / across.length))).map((down) => ({
        rows: down,
        columns: across,
      })),
    );
  }

  /** A part with its cells, which are made where they are not kept; `onShare` hears how much of it more is there. */
  async picture(
    part: CellPart,
    { rows, columns }: Lattice,
    basis: SeparableBasis,
    encoding: CellEncoding,
    onShare: (share: number) => void,
  ): Promise<CellPicture> {
    const bands = part.rows.map((run) => ({ run, parts: [] as CellBand['parts'][number][] }));
    const [down, across] = [part.rows, part.columns].map((runs) => grouped(runs, this.plan.mostAtOnce));
    for (const rowRuns of down!) {
      for (const columnRuns of across!) {
        const [first, left] = [rowRuns[0]!, columnRuns[0]!];
        const block = {
          column: left.tile,
          row: first.tile,
          columns: columnRuns.length,
          rows: rowRuns.length,
        };
        const made = await this.tiles.cells(block, encoding);
        for (const { run, parts } of bands) {
          if (!rowRuns.includes(run)) continue;
          for (const { tile } of columnRuns) parts.push(tileOf(made, tile, run.tile));
        }
        onShare(1 / (down!.length * across!.length));
      }
    }
    const count = part.columns.reduce((sum, run) => sum + run.count, 0);
    return { rows, columns, basis, bands, across: { from: part.columns[0]!.from, count } };
  }
}
