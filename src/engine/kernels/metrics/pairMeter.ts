import { FaultError } from '../../../shared/faults';
import { isEmpty, rect, type Rect, type Size } from '../../../shared/geometry';
import type { Protocol } from '../../../shared/protocols';
import { colourChannels, type Raster } from '../raster';
import { DifferenceCount, type DifferenceStatistics } from './difference';
import { eightBit, innerRect, lumaOf, unrounded, type Samples } from './luma';
import { hasFiveScales, MultiScaleSum } from './msSsim';
import { ErrorSum } from './psnr';
import { SimilaritySum } from './ssim';

export interface MeasureOptions {
  /** Pixels left out on every side; papers leave out as many as the scale. */
  readonly border: number;
  /** See `PROTOCOLS`; absent: `y`. */
  readonly protocol?: Protocol;
}

/** Figures of two pictures; PSNR is null where nothing differs. */
export interface PairFigures {
  readonly psnrY: number | null;
  readonly ssimY: number;
  readonly psnrRgb: number | null;
  /** Mean of the colours' own; only in protocol `rgb`. */
  readonly ssimRgb?: number;
  /** Null under 176 pixels a side. */
  readonly msSsimY: number | null;
  readonly difference: DifferenceStatistics;
}

/** The part that is measured; faults where the pictures differ in size or the border leaves nothing. */
export function comparedPart(reference: Size, result: Size, border: number): Rect {
  if (reference.width !== result.width || reference.height !== result.height) {
    throw new FaultError(
      'size-mismatch',
      `Expected two pictures of one size; the reference has ${reference.width} x ${reference.height} pixels, ` +
        `the result ${result.width} x ${result.height}.`,
    );
  }
  const part = innerRect(reference, border);
  if (isEmpty(part)) {
    throw new FaultError(
      'bad-option',
      `Expected a border that leaves something to measure; ${border} pixels on each side leave nothing of ` +
        `${reference.width} x ${reference.height}.`,
    );
  }
  return part;
}

type Take = (of: Raster, channel: number, part: Rect) => Samples;

/** All colours of a part; a grey picture beside a coloured one counts as coloured. */
function coloursOf(of: Raster, part: Rect, count: number, take: Take): Samples[] {
  if (colourChannels(of) === count) return Array.from({ length: count }, (_, c) => take(of, c, part));
  const grey = take(of, 0, part);
  return Array.from({ length: count }, () => grey);
}

/**
 * Measures two pictures of one size from strips of rows, from the top: what it holds does not grow with their height.
 * Values in [0, 1]; alpha is left out. The figures of strips are those of the whole.
 */
export class PairMeter {
  private readonly part: Rect;
  private readonly luma = new ErrorSum();
  private readonly colours = new ErrorSum();
  private readonly similarity: SimilaritySum | undefined;
  private readonly multiScale: MultiScaleSum | undefined;
  private readonly colourSimilarities: readonly SimilaritySum[];
  private readonly differences = new DifferenceCount();
  private readonly channels: number;
  private rows = 0;

  /** `reference` and `result`: sizes and channels of the whole pictures. Throws what `comparedPart` throws. */
  constructor(
    reference: Size & { readonly channels: number },
    result: Size & { readonly channels: number },
    private readonly options: MeasureOptions & { readonly withMultiScale?: boolean },
  ) {
    this.part = comparedPart(reference, result, options.border);
    this.channels = Math.max(colourChannels(reference), colourChannels(result));
    if (options.withMultiScale && hasFiveScales(this.part)) this.multiScale = new MultiScaleSum(this.part);
    else this.similarity = new SimilaritySum(this.part);
    this.colourSimilarities =
      options.protocol === 'rgb'
        ? Array.from({ length: this.channels }, () => new SimilaritySum(this.part))
        : [];
  }

  /** The next rows of both, whole ones, border and all. */
  add(reference: Raster, result: Raster): void {
    const { part } = this;
    const from = Math.max(0, part.y - this.rows);
    const to = Math.min(reference.height, part.y + part.height - this.rows);
    this.rows += reference.height;
    if (to <= from) return;
    const strip = rect(part.x, from, part.width, to - from);
    const [a, b] = [reference, result].map((of) => coloursOf(of, strip, this.channels, eightBit));
    this.addLuma(lumaOf(a!), lumaOf(b!));
    a!.forEach(({ values }, c) => this.differences.add(values, b![c]!.values));
    if (this.options.protocol !== 'rgb') {
      a!.forEach(({ values }, c) => this.colours.add(values, b![c]!.values));
      return;
    }
    const [exactA, exactB] = [reference, result].map((of) => coloursOf(of, strip, this.channels, unrounded));
    exactA!.forEach(({ values, width, height }, c) => {
      this.colours.add(values, exactB![c]!.values);
      for (let row = 0; row < height; row++) {
        this.colourSimilarities[c]!.add(values, exactB![c]!.values, row * width);
      }
    });
  }

  /** Once all rows were added. */
  get figures(): PairFigures {
    const { ssim } = this.multiScale?.finest ?? this.similarity!.found;
    const all = this.colourSimilarities.map(({ found }) => found.ssim);
    return {
      psnrY: this.luma.psnr,
      ssimY: ssim,
      psnrRgb: this.colours.psnr,
      ...(all.length > 0 && { ssimRgb: all.reduce((sum, one) => sum + one, 0) / all.length }),
      msSsimY: this.multiScale?.found ?? null,
      difference: this.differences.found,
    };
  }

  private addLuma(a: Samples, b: Samples): void {
    const into = this.multiScale ?? this.similarity!;
    this.luma.add(a.values, b.values);
    for (let row = 0; row < a.height; row++) into.add(a.values, b.values, row * a.width);
  }
}
