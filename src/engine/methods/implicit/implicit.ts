import type { Implicit, Manifest } from '../../../shared/manifest';
import { grouped, tileRuns, type TileRun } from './batches';
import { decodeRuns, type Decoding } from './decoding';
import type { FeatureCache } from './featureCache';
import { FeatureTiles, tileOf, type CellEncoding, type Encoding, type FeaturePlan } from './featureTiles';
import { CellTiles, type CellPart } from './cellTiles';
import { axisPositions, type AxisPositions } from '../../kernels/positions';
import { basisOf, type Lattice } from './graphs';
import { priorOf, Priors } from './prior';
import { networkPhotoOf } from './networkPhoto';
import type { Evaluate, GraphRunner } from '../../runtime/graphRunner';
import { RunFailure } from '../../runtime/modelRunner';
import { orientationsOf } from '../../runtime/runSettings';
import type { RealDevice } from '../../runtime/runtime';
import type { SpentBuffers } from '../../pixels/spentBuffers';
import { movesOf, UPRIGHT, type Orientation } from '../../kernels/orient';
import { atOutput, type Enlarging, type MethodOutput } from '../../pixels/enlarging';
import type { Finish, Finished, FinishKind } from '../../pixels/finish';
import type { Pixels } from '../../pixels/pixels';
import type { SeparableBasis } from '../../pixels/cells';
import { sumCells, type CellPicture } from '../../pixels/separable';
import { raster, type Raster } from '../../kernels/raster';
import { neededSource } from '../../kernels/resample/resample';
import { cardOf } from '../card';
import { enlargeConsistently } from '../consistently';
import { OncePass } from './oncePass';
import { featurePlan, decoderLimits, jobTileSide, longestJobTile, passPlan } from './sizes';
import { turnedOf, type LoadedGraphs } from './loading';
import type { EnlargeRequest, Method } from '../method';
import { readPhoto } from '../networkInput';
import { untouched } from '../untouched';

/** Where a separable decoder's pixels lie, and what they are summed with there. */
interface Summed {
  readonly lattice: Lattice;
  readonly basis: SeparableBasis;
}

export interface ImplicitParts {
  readonly pixels: Pixels;
  readonly buffers: SpentBuffers;
  readonly features: FeatureCache;
}

/**
 * A method that turns the photo into features at its own size and these into output pixels at any positions
 * (docs/implicit.md): features are made once a tile of the photo and kept, whatever scale is looked at;
 * output pixels are made exactly where they lie, and no others.
 */
export class ImplicitMethod implements Method {
  readonly id: string;
  readonly card: Method['card'];
  readonly networks: Method['networks'];
  private readonly implicit: Implicit;
  private readonly runner: GraphRunner;
  private readonly plan: FeaturePlan;
  private readonly tiles: FeatureTiles;
  private readonly cells: CellTiles;
  private readonly oncePass: OncePass | undefined;
  private readonly priors = new Priors();

  constructor(
    private readonly manifest: Manifest,
    private readonly loaded: LoadedGraphs,
    private readonly parts: ImplicitParts,
  ) {
    this.id = manifest.id;
    this.card = cardOf(manifest, true);
    this.runner = loaded.runner;
    this.implicit = loaded.implicit;
    this.networks = [{ model: loaded.runner.model, trial: loaded.runner.trial }];
    this.plan = featurePlan(loaded.implicit);
    const sayShrunk = (device: RealDevice, side: number): void => this.runner.sayShrunk(device, side);
    this.tiles = new FeatureTiles(loaded.graphs, this.plan, parts.features, sayShrunk);
    this.cells = new CellTiles(this.tiles, this.plan);
    const pass = passPlan(loaded.implicit);
    this.oncePass = pass && new OncePass(loaded.graphs.source, pass, sayShrunk);
  }

  async enlarge<K extends FinishKind>(order: EnlargeRequest, finish: Finish<K>): Promise<Finished[K]> {
    const { photo, scale, output, runSettings, signal } = order;
    const { pixels } = this.parts;
    if (runSettings.consistent) return enlargeConsistently(this, order, finish, pixels);
    if (scale === 1) return untouched(order, finish, pixels);
    const source = await readPhoto(photo, neededSource(output, scale, 'bicubic', photo.info), signal);
    const enlarging: Enlarging = { source, photo: photo.info, scale, output };
    const summed = await this.summedIn(order);
    if (summed) return this.sum(order, summed, enlarging, finish);
    return pixels.complete(atOutput(await this.make(order), this.base, enlarging), enlarging, finish);
  }

  macsPerPixel(scale: number): number {
    const { source, output } = this.implicit.macsPerPixel;
    return source + output * scale * scale;
  }

  tileSide(scale: number): number {
    return jobTileSide(this.implicit, scale);
  }

  longestTile(scale: number): number {
    return longestJobTile(this.implicit, scale);
  }

  private get base(): MethodOutput['base'] {
    const { base } = this.implicit;
    return base === 'none' ? undefined : base;
  }

  /** Room for the pixels of an order. */
  private room({ output: { width, height } }: EnlargeRequest): Raster {
    return raster(width, height, 3, this.parts.buffers.take(3 * width * height));
  }

  /** What a separable decoder's pixels are summed with on the CPU; undefined: the decoder's graph makes them. */
  private async summedIn(order: EnlargeRequest): Promise<Summed | undefined> {
    const { runSettings } = order;
    const { basis } = this.loaded.graphs;
    if (!basis || runSettings.ensemble || (order.once && this.oncePass)) return undefined;
    if ((await this.runner.device(runSettings)) !== 'cpu') return undefined;
    const { lattice } = this.latticeIn(order, UPRIGHT);
    return { lattice, basis: await basisOf(basis, lattice, this.persisting(order)) };
  }

  /** Pixels that are summed of the photo's cells: by a worker, which reads them where they lie. */
  private async sum<K extends FinishKind>(
    order: EnlargeRequest,
    { lattice, basis }: Summed,
    enlarging: Enlarging,
    finish: Finish<K>,
  ): Promise<Finished[K]> {
    const { pixels, features } = this.parts;
    const plain = await this.encodingOf(order, UPRIGHT);
    order.runs?.expect(1);
    const parts = this.cells.parts(lattice, basis);
    const withCells = async <T>(part: CellPart, use: (picture: CellPicture) => T): Promise<Awaited<T>> => {
      const lease = features.lease();
      try {
        const encoding: CellEncoding = { ...plain, form: basis, lease };
        const onShare = (share: number): void => order.runs?.ran(share / parts.length);
        const picture = await this.cells.picture(part, lattice, basis, encoding, onShare);
        order.signal.throwIfAborted();
        return await use(picture);
      } finally {
        lease.end();
      }
    };
    const [only, ...others] = parts;
    if (others.length === 0)
      return withCells(only!, (picture) => pixels.completeCells(picture, this.base, enlarging, finish));
    const into = this.room(order);
    for (const part of parts) await withCells(part, (picture) => sumCells(picture, into));
    return pixels.complete(atOutput(into, this.base, enlarging), enlarging, finish);
  }

  /** What the decoder makes of the rectangle, or the mean over the eight orientations. */
  private async make(order: EnlargeRequest): Promise<Raster> {
    const into = this.room(order);
    const orientations = orientationsOf(order.runSettings);
    if (orientations.length > 1) into.data.fill(0);
    order.runs?.expect(orientations.length);
    for (const orientation of orientations)
      await this.addOriented(order, orientation, 1 / orientations.length, into);
    return into;
  }

  private async addOriented(
    order: EnlargeRequest,
    orientation: Orientation,
    share: number,
    into: Raster,
  ): Promise<void> {
    const { signal } = order;
    const { lattice, transposed } = this.latticeIn(order, orientation);
    const encoding = await this.encodingOf(order, orientation);
    const decoding: Decoding = {
      graphs: this.loaded.graphs,
      lattice,
      limits: decoderLimits(this.implicit),
      evaluate: encoding.persist,
      buffers: this.parts.buffers,
      signal,
      into,
      transposed,
      share,
    };
    if (order.once && this.oncePass) return this.oncePass.decode(encoding, decoding);
    const { side, mostAtOnce } = this.plan;
    const across = grouped(tileRuns(lattice.columns, side), mostAtOnce);
    const down = grouped(tileRuns(lattice.rows, side), mostAtOnce);
    for (const rowRuns of down)
      for (const columnRuns of across) {
        await this.addBlock(encoding, decoding, rowRuns, columnRuns);
        order.runs?.ran(1 / (down.length * across.length));
      }
  }

  private latticeIn(
    order: EnlargeRequest,
    orientation: Orientation,
  ): { lattice: Lattice; transposed: boolean } {
    const { rows, columns, transposed } = positionsIn(order, orientation);
    // Of smaller pixels than it was trained with a decoder knows nothing: it is told of the smallest that it knows, as
    // LIIF's own evaluation does. Without it flat colours ripple, and CS has dots.
    const cell = 2 / Math.min(order.scale, this.implicit.trainedTo);
    const turned = turnedOf(this.manifest, order.runSettings);
    return { lattice: { rows, columns, cell: [cell, cell], turned }, transposed };
  }

  private async encodingOf(order: EnlargeRequest, orientation: Orientation): Promise<Encoding> {
    const persist = this.persisting(order);
    return {
      ...(await this.priorFor(order, persist)),
      persist,
      signal: order.signal,
      photo: networkPhotoOf(order.photo, orientation),
      evaluate: this.runner.evaluator(order.runSettings),
    };
  }

  /** Runs of neighbouring tiles; mirrored, the last tile comes first. */
  private async addBlock(
    encoding: Encoding,
    decoding: Decoding,
    rowRuns: readonly TileRun[],
    columnRuns: readonly TileRun[],
  ): Promise<void> {
    const first = (runs: readonly TileRun[]): number => Math.min(runs[0]!.tile, runs.at(-1)!.tile);
    const block = {
      column: first(columnRuns),
      row: first(rowRuns),
      columns: columnRuns.length,
      rows: rowRuns.length,
    };
    const tiles = await this.tiles.of(block, encoding);
    for (const rowRun of rowRuns)
      for (const columnRun of columnRuns)
        await decodeRuns(decoding, tileOf(tiles, columnRun.tile, rowRun.tile), rowRun, columnRun);
  }

  /** One prior stands for the whole photo, in all its orientations. */
  private async priorFor(
    { photo, runSettings }: EnlargeRequest,
    evaluate: Evaluate,
  ): Promise<Pick<Encoding, 'prior' | 'priorKey'>> {
    const graph = this.loaded.graphs.prior;
    if (!graph) return { prior: undefined, priorKey: '' };
    const control = this.manifest.controls.find(({ id }) => id === 'seed');
    const seed = (control && (runSettings.seed ?? control.default)) ?? 0;
    // Others wait for it too, so it is not stopped where one gives up.
    const { signal } = new AbortController();
    const upright = networkPhotoOf(photo, 1);
    const prior = await this.priors.of(photo, seed, () =>
      priorOf(graph, upright.size, seed, (part) => upright.read(part, signal), evaluate),
    );
    return { prior, priorKey: String(seed) };
  }

  /** Evaluates on one device after another until one does it. */
  private persisting({ runSettings, signal }: EnlargeRequest): Evaluate {
    const evaluate = this.runner.evaluator(runSettings);
    return async (...asked) => {
      for (;;) {
        try {
          return await evaluate(...asked);
        } catch (error) {
          if (!(error instanceof RunFailure)) throw error;
          signal.throwIfAborted();
          await this.runner.dropAfter(error, runSettings);
        }
      }
    };
  }
}

/**
 * The rectangle's positions as they lie in the oriented photo, the output's rows and columns in their own
 * order: so a mirrored picture comes out upright, and one that is turned only wants rows and columns exchanged.
 */
function positionsIn(
  { photo, scale, output }: EnlargeRequest,
  orientation: Orientation,
): { rows: AxisPositions; columns: AxisPositions; transposed: boolean } {
  const { transposes, mirrorsX, mirrorsY } = movesOf(orientation);
  const down = { scale, photo: photo.info.height, start: output.y, length: output.height };
  const along = { scale, photo: photo.info.width, start: output.x, length: output.width };
  const [rows, columns] = transposes ? [along, down] : [down, along];
  return {
    rows: axisPositions({ ...rows, mirrored: mirrorsY }),
    columns: axisPositions({ ...columns, mirrored: mirrorsX }),
    transposed: transposes,
  };
}
