import { grow, rect, type Rect } from '../../../shared/geometry';
import { readWithin } from '../../../shared/tiles';
import type { Evaluate } from '../../runtime/graphRunner';
import { RunFailure } from '../../runtime/modelRunner';
import type { RealDevice } from '../../runtime/runtime';
import type { Raster } from '../../kernels/raster';
import { cutOut } from '../../kernels/window';
import { cutRun } from './batches';
import { decodeRuns, type Decoding } from './decoding';
import type { Encoding } from './featureTiles';
import { wholeOfPhoto } from './networkPhoto';
import { encode, type SourceGraph } from './graphs';
import { cellsOf, type Run } from '../../kernels/positions';
import type { PassPlan } from './sizes';

/** Beyond this a device is not short of memory: something else is wrong. */
const SMALLEST_SIDE = 32;
/** Source pixels a side of which the last graph makes features at once: what it sees around them is made twice. */
const HEAD_CELLS = 128;
/** A part may be so much larger than planned: better than two of little more than half. */
const SLACK = 1.05;

/** A part of the photo, and what graphs made of it. */
interface Part {
  readonly rect: Rect<'source'>;
  readonly photo: Raster;
  readonly maps: Raster;
}

/**
 * Output pixels of a part of the photo to which nobody comes back. The photo's maps are made for exactly the cells
 * that the pixels need, in one run as large as it may be, for what lies around it is computed twice; features, which
 * are several times as many numbers, are made of them in smaller parts just before they are decoded, by the last
 * graph alone. Nothing is kept.
 */
export class OncePass {
  private side: number;

  constructor(
    private readonly source: readonly SourceGraph[],
    private readonly plan: PassPlan,
    private readonly sayShrunk: (device: RealDevice, side: number) => void,
  ) {
    this.side = plan.side;
  }

  /** All pixels of the decoding's lattice. */
  async decode(encoding: Encoding, decoding: Decoding): Promise<void> {
    const { rows, columns } = decoding.lattice;
    const all = (length: number): Run => ({ from: 0, count: length });
    await this.decodeParts(encoding, decoding, all(rows.length), all(columns.length));
  }

  private async decodeParts(
    encoding: Encoding,
    decoding: Decoding,
    rowRun: Run,
    columnRun: Run,
  ): Promise<void> {
    const { rows, columns } = decoding.lattice;
    const limits = { pixels: Infinity, cells: Math.floor(this.side * SLACK) };
    for (const down of cutRun(rows, rowRun, limits))
      for (const across of cutRun(columns, columnRun, limits))
        await this.decodePart(encoding, decoding, down, across);
  }

  private async decodePart(
    encoding: Encoding,
    decoding: Decoding,
    rowRun: Run,
    columnRun: Run,
  ): Promise<void> {
    encoding.signal.throwIfAborted();
    const cells = cellsIn(decoding, rowRun, columnRun);
    const side = Math.max(cells.width, cells.height);
    const evaluate = side <= SMALLEST_SIDE ? encoding.persist : encoding.evaluate;
    const part = await this.read(cells, encoding, evaluate).catch((error: unknown) => {
      if (error instanceof RunFailure) return error;
      throw error;
    });
    if (!(part instanceof RunFailure)) return this.decodeMaps(part, encoding, decoding, rowRun, columnRun);
    this.side = Math.max(SMALLEST_SIDE, Math.ceil(Math.min(side, this.side) / 2));
    await this.decodeParts(encoding, decoding, rowRun, columnRun);
    this.sayShrunk(part.device, this.side);
  }

  /** The photo around these cells, and what all graphs make of it, or all but the last where that runs by itself. */
  private async read(cells: Rect<'source'>, encoding: Encoding, evaluate: Evaluate): Promise<Part> {
    const { prior, signal } = encoding;
    const rect = readWithin(cells, this.plan, wholeOfPhoto(encoding.photo));
    const photo = await encoding.photo.read(rect, signal);
    const graphs = this.plan.headReach === undefined ? this.source : this.source.slice(0, -1);
    return { rect, photo, maps: await encode(graphs, { photo, prior }, evaluate) };
  }

  private async decodeMaps(
    { rect, photo, maps }: Part,
    encoding: Encoding,
    decoding: Decoding,
    rowRun: Run,
    columnRun: Run,
  ): Promise<void> {
    const { headReach } = this.plan;
    if (headReach === undefined) return decodeRuns(decoding, { rect, pixels: maps }, rowRun, columnRun);
    const { rows, columns } = decoding.lattice;
    const limits = { pixels: Infinity, cells: HEAD_CELLS };
    const head = this.source.slice(-1);
    for (const down of cutRun(rows, rowRun, limits)) {
      for (const across of cutRun(columns, columnRun, limits)) {
        decoding.signal.throwIfAborted();
        const padded = grow(cellsIn(decoding, down, across), headReach);
        const beside = { photo: cutOut({ rect, pixels: photo }, padded), prior: encoding.prior };
        const before = cutOut({ rect, pixels: maps }, padded);
        const features = await encode(head, beside, encoding.persist, before);
        await decodeRuns(decoding, { rect: padded, pixels: features }, down, across);
      }
    }
  }
}

/** The source pixels that a run of rows and one of columns need, those mirrored at the border among them. */
function cellsIn({ lattice }: Decoding, rowRun: Run, columnRun: Run): Rect<'source'> {
  const down = cellsOf(lattice.rows, rowRun);
  const across = cellsOf(lattice.columns, columnRun);
  return rect<'source'>(across.first, down.first, across.last - across.first + 1, down.last - down.first + 1);
}
