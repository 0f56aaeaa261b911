import { bottom, rect, right, type Rect, type Size } from '../../shared/geometry';
import type { Manifest, ModelFile } from '../../shared/manifest';
import { colourOf } from '../kernels/color/alpha';
import type { ModelRunner } from '../runtime/modelRunner';
import { longestSide } from '../runtime/tileSize';
import { modelAt } from '../onnx/weightBlend';
import type { Finish, Finished, FinishKind } from '../pixels/finish';
import { lumaOf } from '../pixels/luma';
import type { MethodOutput } from '../pixels/enlarging';
import type { Pixels } from '../pixels/pixels';
import { neededSource } from '../kernels/resample/resample';
import type { Window } from '../kernels/window';
import { cardOf } from './card';
import { enlargeConsistently } from './consistently';
import type { EnlargeRequest, Method } from './method';
import type { MadeOnce } from './madeOnce';
import { readPhoto, rgbOf } from './networkInput';
import { photoKey } from './photoKey';
import { firstStage, type Stage } from './stage';
import type { Surveys } from './surveys';
import { untouched } from './untouched';

const LARGEST_TILE = 1024;
const SMALLEST_TILE = 16;

/** One model file, ready to run. */
export interface LoadedFile {
  readonly file: ModelFile;
  readonly runner: ModelRunner;
  /** What is made of pictures whose parts cannot be made apart. */
  readonly wholeTiles: MadeOnce<Window>;
  /** Of a network that takes means over the whole picture. */
  readonly surveys?: Surveys | undefined;
}

/** What differs between the kinds of model. */
export interface ModelKind {
  /** Factors that the files can make for a scale, in the order of their use; see `factorsFor`. */
  factors(scale: number, cascade: boolean): number[];
  /** The file that makes a factor. */
  fileFor(factor: number): LoadedFile;
  /** That file at work on a stage. */
  stage(inner: Stage, factor: number): Stage;
  /** Output pixels of the stage per side of a tile of its network. */
  tileSide(factor: number): number;
  /** Multiplications for each pixel of the stage's input. */
  macsPerPixel(factor: number): number;
}

const union = (a: Rect<'source'>, b: Rect<'source'>): Rect<'source'> => {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return rect(x, y, Math.max(right(a), right(b)) - x, Math.max(bottom(a), bottom(b)) - y);
};

/**
 * A method with weights: what is the same for all of them. The photo's part that can matter is read once;
 * the network's stages run on its luma or colours; what they made is brought to the exact scale, coloured,
 * given its alpha and finished beside the next run.
 */
export class ModelMethod implements Method {
  readonly id: string;
  readonly card: Method['card'];
  readonly networks: Method['networks'];

  constructor(
    readonly manifest: Manifest,
    readonly files: readonly LoadedFile[],
    private readonly kind: ModelKind,
    private readonly pixels: Pixels,
  ) {
    this.id = manifest.id;
    this.networks = files.flatMap(({ runner: { model } }) => {
      const ends = model.second ? [model, modelAt(model, 0)] : [model];
      return ends.map((end) => ({ model: end, trial: model.shape }));
    });
    this.card = cardOf(
      manifest,
      files.some(({ file }) => file.scale === 0),
    );
  }

  async enlarge<K extends FinishKind>(order: EnlargeRequest, finish: Finish<K>): Promise<Finished[K]> {
    const { photo, scale, output, runSettings, signal, runs } = order;
    if (runSettings.consistent) return enlargeConsistently(this, order, finish, this.pixels);
    const size: Size = photo.info;
    if (scale === 1) return untouched(order, finish, this.pixels);
    const chain = this.chain(size, scale, runSettings.cascade ?? false);
    const part: Rect =
      chain.factor === scale ? output : reducedFrom(output, scale / chain.factor, chain.stage.size);
    const needed = union(
      chain.stage.needs(part) as Rect<'source'>,
      neededSource(output, scale, 'bicubic', size),
    );
    const source = await readPhoto(photo, needed, signal);
    const window = await chain.stage.read(part, {
      runSettings,
      signal,
      first: this.inputOf(source),
      firstAt: async (rect) => this.inputOf(await readPhoto(photo, rect as Rect<'source'>, signal)),
      photoKey: photoKey(photo),
      runs,
    });
    const result: MethodOutput = {
      window,
      size: chain.stage.size,
      factor: chain.factor,
      holds: this.manifest.channels === 'y' ? 'luma' : 'colours',
    };
    return this.pixels.complete(result, { source, photo: size, scale, output }, finish);
  }

  macsPerPixel(scale: number): number {
    let [macs, pixels] = [0, 1];
    for (const factor of this.kind.factors(scale, false)) {
      macs += pixels * this.kind.macsPerPixel(factor);
      pixels *= factor * factor;
    }
    return macs;
  }

  tileSide(scale: number): number {
    if (scale === 1) return 512;
    const factors = this.kind.factors(scale, false);
    const product = factors.reduce((all, factor) => all * factor, 1);
    const side = Math.floor((this.kind.tileSide(factors.at(-1)!) * scale) / product);
    return Math.max(SMALLEST_TILE, Math.min(LARGEST_TILE, side));
  }

  longestTile(scale: number): number {
    const side = this.tileSide(scale);
    // What pools has tiles of its own, and a file that was made for one size takes nothing longer.
    const stretches = this.files.every(
      ({ file }) => file.receptiveField.exact && file.largestInput === undefined,
    );
    return stretches ? longestSide(side) : side;
  }

  /** Stages whose last one's grid has `factor` pixels a source pixel; the reference bicubic goes from there to `scale`. */
  private chain(size: Size, scale: number, cascade: boolean): { stage: Stage; factor: number } {
    let stage = firstStage(size);
    let product = 1;
    for (const factor of this.kind.factors(scale, cascade)) {
      stage = this.kind.stage(stage, factor);
      product *= factor;
    }
    // A scale that is a factor but for rounding is that factor.
    return { stage, factor: Math.abs(product - scale) <= 1e-9 * scale ? scale : product };
  }

  /** What the network is given of the photo. */
  private inputOf({ rect: part, pixels }: Window<'source'>): Window<'source'> {
    const isLuma = this.manifest.channels === 'y';
    return { rect: part, pixels: isLuma ? lumaOf(colourOf(pixels)) : rgbOf(pixels) };
  }
}

const reducedFrom = (output: Rect<'output'>, scale: number, size: Size): Rect =>
  neededSource(output, scale, 'bicubic', size);
