import {
  bottom,
  grow,
  intersect,
  outputSize,
  rect,
  right,
  wholeOf,
  type Rect,
  type Size,
} from '../../shared/geometry';
import { planTiles, readWithin, rowsFirst, tileCount } from '../../shared/tiles';
import { RunFailure, type ModelRunner } from '../runtime/modelRunner';
import { ORIENTATIONS, UPRIGHT, inverseOf, orient, type Orientation } from '../kernels/orient';
import { cutMirrored, mirroredSource } from '../kernels/margin';
import { raster, type Raster } from '../kernels/raster';
import { neededSource, resample } from '../kernels/resample/resample';
import { copyPart, type Window } from '../kernels/window';
import { orientationsOf, type RunSettings } from '../runtime/runSettings';
import type { RunCount } from './runCount';

/**
 * How a stage reads: `read` gives a window whose pixels are right at least in the rectangle asked for. It may reach beyond
 * the stage's grid; what it has there is nobody's.
 */
export interface Stage {
  readonly size: Size;
  /** What of the first stage's input a rectangle needs. */
  needs(part: Rect): Rect;
  read(part: Rect, run: StageRun): Promise<Window>;
}

export interface StageRun {
  readonly runSettings: RunSettings;
  readonly signal: AbortSignal;
  /** The pixels that the first stage starts from: at least what `needs` said. */
  readonly first: Window;
  /** Other pixels of the same. */
  readonly firstAt: (part: Rect) => Promise<Window>;
  /** Tells their photo from every other. */
  readonly photoKey: string;
  readonly runs?: RunCount | undefined;
}

/** A network as a stage knows it. */
export interface TileRunner extends Pick<
  ModelRunner,
  'model' | 'tileSide' | 'largestCore' | 'shrinkAfter' | 'sayShrunk'
> {
  /** What it makes of a picture that lies as `orientation` says. */
  run(input: Raster, runSettings: RunSettings, orientation: Orientation): Promise<Raster>;
}

export interface Reach {
  readonly before: number;
  readonly after: number;
}

/** A tile may be half as large again as planned: better than two of three quarters. */
const SLACK = 1.5;

/** The chain's beginning: pixels that are there. */
export function firstStage(size: Size): Stage {
  return {
    size,
    needs: (part) => part,
    read: (_, { first }) => Promise.resolve(first),
  };
}

/** The input pixels that a rectangle of a grid `factor` times finer covers. */
function covering(part: Rect, factor: number): Rect {
  const x = Math.floor(part.x / factor);
  const y = Math.floor(part.y / factor);
  return rect(x, y, Math.ceil(right(part) / factor) - x, Math.ceil(bottom(part) / factor) - y);
}

export const enlargedRect = (part: Rect, factor: number): Rect =>
  rect(part.x * factor, part.y * factor, part.width * factor, part.height * factor);

/** One run on a picture, or the mean of its eight orientations. */
export async function runOriented(
  runner: Pick<TileRunner, 'model' | 'run'>,
  input: Raster,
  { runSettings, signal, runs }: StageRun,
): Promise<Raster> {
  if (!runSettings.ensemble) {
    const output = await runner.run(input, runSettings, UPRIGHT);
    runs?.ran();
    return output;
  }
  const { factor } = runner.model.shape;
  const mean = raster(input.width * factor, input.height * factor, input.channels);
  for (const orientation of ORIENTATIONS) {
    signal.throwIfAborted();
    const turned = await runner.run(orient(input, orientation), runSettings, orientation);
    runs?.ran();
    const upright = orient(turned, inverseOf(orientation));
    for (let i = 0; i < mean.data.length; i++) mean.data[i]! += upright.data[i]! / ORIENTATIONS.length;
  }
  return mean;
}

/** Runs of the network for each tile. */
export const runsPerTile = (runSettings: RunSettings): number => orientationsOf(runSettings).length;

/** A mirrored picture looks as far to the left as the upright one to the right. */
const reachOf = ({ before, after }: Reach, { ensemble }: RunSettings): Reach =>
  ensemble ? { before: Math.max(before, after), after: Math.max(before, after) } : { before, after };

const isInSize = (core: Rect, { tileSide, largestCore }: TileRunner): boolean =>
  Math.max(core.width, core.height) <= Math.min(tileSide * SLACK, largestCore);

/**
 * A network at work on what the stage before it gives: reads a tile of input with as much around it as the
 * network can see, and answers with what it makes of it. Beyond its border the picture is mirrored: the zeros that
 * networks pad with by themselves look like an edge to black, along which they draw.
 */
export class NetworkStage implements Stage {
  readonly size: Size;

  constructor(
    private readonly inner: Stage,
    private readonly runner: TileRunner,
    private readonly reach: Reach,
    /** What is given of the picture mirrored beyond its border: no more than `reach`. */
    private readonly border: Reach = reach,
  ) {
    this.size = outputSize(inner.size, runner.model.shape.factor);
  }

  needs(part: Rect): Rect {
    const widest = Math.max(this.reach.before, this.reach.after);
    const core = covering(part, this.runner.model.shape.factor);
    return this.inner.needs(mirroredSource(grow(core, widest), this.inner.size));
  }

  read(part: Rect, run: StageRun): Promise<Window> {
    const core = covering(part, this.runner.model.shape.factor);
    const tiles = isInSize(core, this.runner) ? 1 : tileCount(planTiles(core, this.runner.tileSide));
    run.runs?.expect(tiles * runsPerTile(run.runSettings));
    return this.readCore(core, run);
  }

  /** What the network makes of the input pixels `core`, in one tile or several. */
  private async readCore(core: Rect, run: StageRun): Promise<Window> {
    const { tileSide } = this.runner;
    if (!isInSize(core, this.runner)) return this.readTiles(core, tileSide, run);
    try {
      return await this.inOneRun(core, run);
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      const side = Math.max(core.width, core.height);
      const smaller = await this.runner.shrinkAfter(error, Math.min(side, tileSide), run.runSettings);
      const window = await this.readCore(core, run);
      if (smaller && side > this.runner.tileSide) this.runner.sayShrunk(error.device);
      return window;
    }
  }

  private async readTiles(area: Rect, side: number, run: StageRun): Promise<Window> {
    const { factor, channels } = this.runner.model.shape;
    const result = enlargedRect(area, factor);
    const window = { rect: result, pixels: raster(result.width, result.height, channels) };
    for (const { core } of rowsFirst(planTiles(area, side))) {
      copyPart(await this.readCore(core, run), window, enlargedRect(core, factor));
    }
    return window;
  }

  /** What the network makes of the input pixels `core` in one run; throws `RunFailure` where the device fails. */
  async inOneRun(core: Rect, run: StageRun): Promise<Window> {
    run.signal.throwIfAborted();
    const { factor } = this.runner.model.shape;
    const { size } = this.inner;
    const [reach, border] = [this.reach, this.border].map((each) => reachOf(each, run.runSettings));
    const grown = readWithin(core, { reach: reach!, border: border!, align: 1 }, wholeOf(size));
    const source = await this.inner.read(mirroredSource(grown, size), run);
    const input = cutMirrored(source, grown, size);
    // What was made of the picture mirrored beyond its border stays around it: cutting it off would copy the rest.
    return { rect: enlargedRect(grown, factor), pixels: await runOriented(this.runner, input, run) };
  }
}

/** The bicubic enlargement of what the stage before it gives, for a network that works on its grid. */
export class BicubicStage implements Stage {
  readonly size: Size;

  constructor(
    private readonly inner: Stage,
    private readonly scale: number,
  ) {
    this.size = outputSize(inner.size, scale);
  }

  needs(part: Rect): Rect {
    return this.inner.needs(this.neededInner(part));
  }

  async read(part: Rect, run: StageRun): Promise<Window> {
    const { rect: given, pixels } = await this.inner.read(this.neededInner(part), run);
    const asked = intersect(part as Rect<'output'>, rect<'output'>(0, 0, this.size.width, this.size.height));
    const { size } = this.inner;
    return {
      rect: asked,
      pixels: resample(pixels, given as Rect<'source'>, size, this.scale, asked, 'bicubic'),
    };
  }

  private neededInner(part: Rect): Rect {
    return neededSource(part as Rect<'output'>, this.scale, 'bicubic', this.inner.size);
  }
}
