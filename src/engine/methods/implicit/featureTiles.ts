import { bottom, grow, intersect, rect, right, type Rect } from '../../../shared/geometry';
import { Mutex } from '../../../shared/mutex';
import { readWithin, type Sight } from '../../../shared/tiles';
import type { Evaluate } from '../../runtime/graphRunner';
import { RunFailure } from '../../runtime/modelRunner';
import type { RealDevice } from '../../runtime/runtime';
import { raster } from '../../kernels/raster';
import { copyPart, cutOut, type Window } from '../../kernels/window';
import type { FeatureCache } from './featureCache';
import { encode, type ImplicitGraphs } from './graphs';
import { wholeOfPhoto, type NetworkPhoto } from './networkPhoto';
import { asCells, cellLength, type CellForm, type Cells } from '../../pixels/cells';
import type { Lease } from './sharedRoom';

/** How a photo is cut for the source graphs; what is given to them begins at multiples of `align`. */
export interface FeaturePlan extends Sight {
  /** Source pixels of a tile's side. */
  readonly side: number;
  /** Tiles of a side that the graphs may be given at once. */
  readonly mostAtOnce: number;
}

/** Tiles by their numbers along both axes. */
export interface TileBlock {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

/** How the source graphs are evaluated. */
export interface Encoding {
  readonly photo: NetworkPhoto;
  readonly prior: Float32Array | undefined;
  /** Tells priors apart. */
  readonly priorKey: string;
  /** Throws `RunFailure` where the device fails. */
  readonly evaluate: Evaluate;
  /** Goes on with the next device until there is none. */
  readonly persist: Evaluate;
  readonly signal: AbortSignal;
}

/** How cells are made, and for whom. */
export interface CellEncoding extends Encoding {
  readonly form: CellForm;
  /** Cells are not written over until it ends. */
  readonly lease: Lease;
}

/** A form that tiles are given in. */
interface Given<T> {
  /** What is kept of a tile, or can be made of it without the graphs. */
  readonly known: (column: number, row: number) => T | undefined;
  /** A tile that was made, which is kept. */
  readonly keep: (maps: Window, column: number, row: number) => T;
}

const numberOf = (column: number, row: number): string => `${column},${row}`;

/**
 * A photo's features in tiles of a fixed grid, each with the one row and column that follow it (beyond the border those
 * of the mirrored photo), so that a
 * decoder finds both cells around every position in one tile. Exact: the graphs are given what they can see
 * around. Neighbouring tiles that are missing are made in one run, for what lies around is read only once.
 */
export class FeatureTiles {
  /** One caller after another, so that no tile is made twice. */
  private readonly oneAtATime = new Mutex();
  private mostAtOnce: number;

  constructor(
    private readonly graphs: ImplicitGraphs,
    private readonly plan: FeaturePlan,
    private readonly cache: FeatureCache,
    private readonly sayShrunk: (device: RealDevice, side: number) => void,
  ) {
    this.mostAtOnce = plan.mostAtOnce;
  }

  /** The features of a block's tiles, by `column,row`. The block is at most `mostAtOnce` tiles a side. */
  of(block: TileBlock, encoding: Encoding): Promise<ReadonlyMap<string, Window>> {
    const given: Given<Window> = {
      known: (column, row) => this.cache.get(this.keyOf(column, row, encoding)),
      keep: (maps, column, row) => {
        this.cache.put(this.keyOf(column, row, encoding), maps);
        return maps;
      },
    };
    return this.oneAtATime.run(() => this.take(block, encoding, given));
  }

  /** The same as cells. */
  cells(block: TileBlock, encoding: CellEncoding): Promise<ReadonlyMap<string, Cells>> {
    const { form, lease } = encoding;
    const keyOf = (column: number, row: number): string =>
      `${[form.functions, ...form.sets].join(' ')}|${this.keyOf(column, row, encoding)}`;
    const keepCells = (maps: Window, column: number, row: number): Cells => {
      const { width, height } = maps.pixels;
      const cells = asCells(maps, form, this.cache.room.take(width * height * cellLength(form.functions)));
      lease.use(cells);
      this.cache.putCells(keyOf(column, row), cells);
      return cells;
    };
    const given: Given<Cells> = {
      known: (column, row) => {
        const kept = this.cache.getCells(keyOf(column, row));
        if (kept) lease.use(kept);
        if (kept) return kept;
        const maps = this.cache.get(this.keyOf(column, row, encoding));
        return maps && keepCells(maps, column, row);
      },
      keep: (maps, column, row) => {
        // What of it the controls choose from is several times as much: a window's may be more than is kept at all.
        if (form.sets.length > 1) this.cache.putSpare(this.keyOf(column, row, encoding), maps);
        return keepCells(maps, column, row);
      },
    };
    return this.oneAtATime.run(() => this.take(block, encoding, given));
  }

  private async take<T>(
    block: TileBlock,
    encoding: Encoding,
    given: Given<T>,
  ): Promise<ReadonlyMap<string, T>> {
    const tiles = new Map<string, T>();
    for (let row = block.row; row < block.row + block.rows; row++) {
      for (let column = block.column; column < block.column + block.columns; column++) {
        const known = given.known(column, row);
        if (known) tiles.set(numberOf(column, row), known);
      }
    }
    for (let row = block.row; row < block.row + block.rows; row++) {
      for (let column = block.column; column < block.column + block.columns; column++) {
        while (!tiles.has(numberOf(column, row))) {
          await this.make(this.missingFrom(column, row, block, tiles), encoding, given, tiles);
        }
      }
    }
    return tiles;
  }

  /** The largest missing block whose first tile is this one, to the right first. */
  private missingFrom(
    column: number,
    row: number,
    within: TileBlock,
    tiles: ReadonlyMap<string, unknown>,
  ): TileBlock {
    const missing = (c: number, r: number): boolean => !tiles.has(numberOf(c, r));
    const most = this.mostAtOnce;
    let columns = 1;
    while (
      columns < most &&
      column + columns < within.column + within.columns &&
      missing(column + columns, row)
    )
      columns++;
    let rows = 1;
    const rowMissing = (r: number): boolean =>
      Array.from({ length: columns }, (_, k) => column + k).every((c) => missing(c, r));
    while (rows < most && row + rows < within.row + within.rows && rowMissing(row + rows)) rows++;
    return { column, row, columns, rows };
  }

  /** Makes a block in one run; where the device fails at more than one tile, less is tried from then on. */
  private async make<T>(
    block: TileBlock,
    encoding: Encoding,
    given: Given<T>,
    into: Map<string, T>,
  ): Promise<void> {
    let failed: RealDevice | undefined;
    for (let part = block; ;) {
      encoding.signal.throwIfAborted();
      const most = Math.max(part.columns, part.rows);
      try {
        const evaluate = most === 1 ? encoding.persist : encoding.evaluate;
        await this.run(part, encoding, evaluate, given, into);
        if (failed) this.sayShrunk(failed, most * this.plan.side);
        return;
      } catch (error) {
        if (!(error instanceof RunFailure)) throw error;
        failed = error.device;
        this.mostAtOnce = Math.ceil(most / 2);
        const { columns, rows } = part;
        part = {
          ...part,
          columns: Math.min(columns, this.mostAtOnce),
          rows: Math.min(rows, this.mostAtOnce),
        };
      }
    }
  }

  private async run<T>(
    block: TileBlock,
    encoding: Encoding,
    evaluate: Evaluate,
    given: Given<T>,
    into: Map<string, T>,
  ): Promise<void> {
    const { photo, prior, signal } = encoding;
    const first = this.keptRect(block.column, block.row, photo);
    const last = this.keptRect(block.column + block.columns - 1, block.row + block.rows - 1, photo);
    const read = readWithin(
      rect<'source'>(first.x, first.y, right(last) - first.x, bottom(last) - first.y),
      this.plan,
      wholeOfPhoto(photo),
    );
    const beside = { photo: await photo.read(read, signal), prior };
    const encoded: Window = {
      rect: read,
      pixels: await encode(this.graphs.source, beside, evaluate),
    };
    for (let row = block.row; row < block.row + block.rows; row++) {
      for (let column = block.column; column < block.column + block.columns; column++) {
        const maps = ownPart(encoded, this.keptRect(column, row, photo));
        into.set(numberOf(column, row), given.keep(maps, column, row));
      }
    }
  }

  /** A tile with the row and column after it, the first ones with those mirrored before the photo as well. */
  private keptRect(column: number, row: number, photo: NetworkPhoto): Rect<'source'> {
    const { side } = this.plan;
    const [x, y] = [column === 0 ? -1 : column * side, row === 0 ? -1 : row * side];
    const kept = rect<'source'>(x, y, (column + 1) * side + 1 - x, (row + 1) * side + 1 - y);
    return intersect(kept, grow(wholeOfPhoto(photo), 1));
  }

  private keyOf(column: number, row: number, { photo, priorKey }: Encoding): string {
    const sums = this.graphs.source.map(({ sha256 }) => sha256);
    return `${sums.join('|')}|${photo.key}|${priorKey}|${column},${row}`;
  }
}

/** A part as memory of its own size, never a view of the whole. */
function ownPart(from: Window, part: Rect): Window {
  const isAll = part.width === from.rect.width && part.height === from.rect.height;
  if (isAll) return { rect: part, pixels: cutOut(from, part) };
  const pixels = raster(part.width, part.height, from.pixels.channels);
  copyPart(from, { rect: part, pixels }, part);
  return { rect: part, pixels };
}

/** The tile of a block's. */
export const tileOf = <T>(tiles: ReadonlyMap<string, T>, column: number, row: number): T =>
  tiles.get(numberOf(column, row))!;
