import {
  bottom,
  grow,
  intersect,
  isEmpty,
  outputSize,
  rect,
  right,
  wholeOf,
  type Rect,
  type Size,
} from '../../shared/geometry';
import type { TileEdges } from '../../shared/manifest';
import { alignedRead, planTiles, tileAt, type TilePlan } from '../../shared/tiles';
import { featherWeights, type Span } from '../kernels/blend';
import { RunFailure, type ModelRunner } from '../runtime/modelRunner';
import { longestSide } from '../runtime/tileSize';
import { cutMirrored, mirroredSource } from '../kernels/margin';
import { raster, type Raster } from '../kernels/raster';
import { cutOut, type Window } from '../kernels/window';
import type { MadeOnce } from './madeOnce';
import { pictureKey } from './photoKey';
import { enlargedRect, runOriented, runsPerTile, type Stage, type StageRun } from './stage';

/** Tiles of one axis: which output pixels each gives, beyond the picture's border too, and what it weighs at each. */
interface AxisTiles {
  readonly spans: readonly Span[];
  readonly weights: readonly Float64Array[];
}

function axisTiles(given: readonly Rect[], along: 'x' | 'y', factor: number): AxisTiles {
  const spans = given.map((part) => ({
    start: part[along] * factor,
    end: (along === 'x' ? right(part) : bottom(part)) * factor,
  }));
  return { spans, weights: featherWeights(spans) };
}

/**
 * A network that sees more than any overlap (global pooling): what it makes of a tile depends on the tile.
 * So the tiles are those of one plan over the whole picture, whatever is asked for, each tile fades into its
 * neighbours over their overlap, and a rectangle is cut out of that: the same pixels however it is asked.
 * Where it was measured how far the tile's own edges are seen, what lies there weighs nothing.
 */
export class FeatheredStage implements Stage {
  readonly size: Size;
  /** In squares of `align` pixels. */
  private readonly plan: TilePlan;
  private readonly across: AxisTiles;
  private readonly down: AxisTiles;

  constructor(
    private readonly inner: Stage,
    private readonly runner: ModelRunner,
    private readonly edges: TileEdges,
    private readonly align: number,
    private readonly tiles: MadeOnce<Window>,
  ) {
    const { factor } = runner.model.shape;
    const squares = (length: number): number => Math.ceil(length / align);
    this.size = outputSize(inner.size, factor);
    const side = Math.max(1, Math.floor(runner.tileSide / align));
    this.plan = planTiles(
      rect(0, 0, squares(inner.size.width), squares(inner.size.height)),
      side,
      longestSide(side),
    );
    const columns = Array.from({ length: this.plan.columns }, (_, column) => this.given(column, 0));
    const rows = Array.from({ length: this.plan.rows }, (_, row) => this.given(0, row));
    this.across = axisTiles(columns, 'x', factor);
    this.down = axisTiles(rows, 'y', factor);
  }

  /**
   * What a tile reads, with what is mirrored beyond the picture's border. There no neighbour gives what sees the tile's
   * edge, so that what is mirrored reaches as far as that.
   */
  private tileRead(column: number, row: number): Rect {
    const squares = tileAt(this.plan, column, row).core;
    const core = intersect(enlargedRect(squares, this.align), wholeOf(this.inner.size));
    const read = alignedRead(core, this.edges.overlap, this.align);
    const from = -Math.ceil(this.edges.seen.before / this.align) * this.align;
    const left = column === 0 ? Math.min(read.x, from) : read.x;
    const top = row === 0 ? Math.min(read.y, from) : read.y;
    return rect(left, top, right(read) - left, bottom(read) - top);
  }

  /** The input pixels whose output a tile gives: none that see its own edges. */
  private given(column: number, row: number): Rect {
    const { before, after } = this.edges.seen;
    return grow(this.tileRead(column, row), -before, -after);
  }

  needs(part: Rect): Rect {
    let [left, top, end, foot] = [Infinity, Infinity, 0, 0];
    for (const [column, row] of this.touching(part)) {
      const read = mirroredSource(this.tileRead(column, row), this.inner.size);
      [left, top] = [Math.min(left, read.x), Math.min(top, read.y)];
      [end, foot] = [Math.max(end, right(read)), Math.max(foot, bottom(read))];
    }
    return this.inner.needs(rect(left, top, end - left, foot - top));
  }

  async read(part: Rect, run: StageRun): Promise<Window> {
    const { channels } = this.runner.model.shape;
    const window = { rect: part, pixels: raster(part.width, part.height, channels) };
    const touching = [...this.touching(part)];
    const runs = runsPerTile(run.runSettings);
    run.runs?.expect(touching.length * runs);
    const of = pictureKey(this.runner.model, this.inner.size, run);
    for (const [column, row] of touching) {
      let keptRuns = runs;
      const tile = await this.tiles.of(
        `${of}|${column},${row}`,
        () => {
          keptRuns = 0;
          return this.tile(column, row, run);
        },
        run.signal,
      );
      if (keptRuns > 0) run.runs?.ran(keptRuns);
      this.fadeIn(tile, column, row, window);
    }
    return window;
  }

  /** What the network makes of a tile, inside the picture. */
  private async tile(column: number, row: number, run: StageRun): Promise<Window> {
    run.signal.throwIfAborted();
    const { factor } = this.runner.model.shape;
    const { size } = this.inner;
    const tileRead = this.tileRead(column, row);
    const input = cutMirrored(await this.inner.read(mirroredSource(tileRead, size), run), tileRead, size);
    const result = { rect: enlargedRect(tileRead, factor), pixels: await this.runTile(input, run) };
    const inside = enlargedRect(intersect(this.given(column, row), wholeOf(size)), factor);
    return { rect: inside, pixels: cutOut(result, inside) };
  }

  /** The tiles are what they are: one that fails is not halved, for that would be another result. */
  private async runTile(input: Raster, run: StageRun): Promise<Raster> {
    try {
      return await runOriented(this.runner, input, run);
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      await this.runner.dropAfter(error, run.runSettings);
      return this.runTile(input, run);
    }
  }

  private *touching(part: Rect): Generator<[number, number], void, void> {
    for (let row = 0; row < this.plan.rows; row++) {
      for (let column = 0; column < this.plan.columns; column++) {
        const [x, y] = [this.across.spans[column]!, this.down.spans[row]!];
        const result = rect(x.start, y.start, x.end - x.start, y.end - y.start);
        if (!isEmpty(intersect(result, part))) yield [column, row];
      }
    }
  }

  private fadeIn(tile: Window, column: number, row: number, into: Window): void {
    const common = intersect(tile.rect, into.rect);
    const across = this.across.weights[column]!;
    const down = this.down.weights[row]!;
    const left = this.across.spans[column]!.start;
    const top = this.down.spans[row]!.start;
    for (let c = 0; c < tile.pixels.channels; c++) {
      for (let y = common.y; y < bottom(common); y++) {
        const weight = down[y - top]!;
        const from = (c * tile.rect.height + y - tile.rect.y) * tile.rect.width - tile.rect.x;
        const at = (c * into.rect.height + y - into.rect.y) * into.rect.width - into.rect.x;
        for (let x = common.x; x < right(common); x++) {
          into.pixels.data[at + x]! += weight * across[x - left]! * tile.pixels.data[from + x]!;
        }
      }
    }
  }
}
