import { FaultError } from '../../../shared/faults';
import { isEmpty, rect, type Rect, type Size } from '../../../shared/geometry';
import type { Protocol } from '../../../shared/protocols';
import { colourChannels } from '../raster';
import { DifferenceCount, type DifferenceStatistics } from './difference';
import { lumaOf } from './luma';
import { LumaSimilarity, type LumaFigures } from './lumaSimilarity';
import { ErrorSum } from './psnr';
import { eightBit, innerRect, unrounded, type Pixels, type Samples } from './samples';
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

/** Takes strips of luma over, with their memory, to measure their similarity elsewhere. */
export type TakeLuma = (reference: Samples, result: Samples) => void;

/**
 * Measures two pictures of one size from strips of rows, from the top: what it holds does not grow with their height.
 * Alpha is left out. The figures of strips are those of the whole.
 */
export class PairMeter {
  private readonly part: Rect;
  private readonly luma = new ErrorSum();
  /** Of colours that are not rounded; undefined: the differences of 8 bits say it. */
  private readonly colours: ErrorSum | undefined;
  private readonly similarity: LumaSimilarity | undefined;
  private readonly colourSimilarities: readonly SimilaritySum[];
  private readonly differences = new DifferenceCount();
  /** A grey picture beside a coloured one counts as coloured. */
  private readonly channels: number;
  private rows = 0;

  /** `reference` and `result`: sizes and channels of the whole pictures. Throws what `comparedPart` throws. */
  constructor(
    reference: Size & { readonly channels: number },
    result: Size & { readonly channels: number },
    private readonly options: MeasureOptions & {
      readonly withMultiScale?: boolean;
      /** Absent: similarity is measured here. */
      readonly takeLuma?: TakeLuma;
    },
  ) {
    this.part = comparedPart(reference, result, options.border);
    this.channels = Math.max(colourChannels(reference), colourChannels(result));
    if (!options.takeLuma) {
      this.similarity = new LumaSimilarity(this.part, options.withMultiScale ?? false);
    }
    if (options.protocol === 'rgb') this.colours = new ErrorSum();
    this.colourSimilarities =
      options.protocol === 'rgb'
        ? Array.from({ length: this.channels }, () => new SimilaritySum(this.part))
        : [];
  }

  /** The next rows of both, whole ones, border and all. */
  add(reference: Pixels, result: Pixels): void {
    const { part } = this;
    const from = Math.max(0, part.y - this.rows);
    const to = Math.min(reference.height, part.y + part.height - this.rows);
    this.rows += reference.height;
    if (to <= from) return;
    const strip = rect(part.x, from, part.width, to - from);
    const a = eightBit(reference, strip, this.channels);
    const b = eightBit(result, strip, this.channels);
    this.differences.add(a.bytes, b.bytes);
    if (this.colours) this.addUnrounded(reference, result, strip, this.colours);
    this.addLuma(lumaOf(a), lumaOf(b));
  }

  private addUnrounded(reference: Pixels, result: Pixels, strip: Rect, into: ErrorSum): void {
    this.colourSimilarities.forEach((similarity, c) => {
      const [a, b] = [unrounded(reference, c, strip).values, unrounded(result, c, strip).values];
      into.add(a, b);
      for (let row = 0; row < strip.height; row++) similarity.add(a, b, row * strip.width);
    });
  }

  /** Once all rows were added; where similarity is measured elsewhere, see `figuresWith`. */
  get figures(): PairFigures {
    return this.figuresWith(this.similarity!.found);
  }

  /** The figures, with those of luma's similarity as they were measured elsewhere. */
  figuresWith({ ssimY, msSsimY }: LumaFigures): PairFigures {
    const all = this.colourSimilarities.map(({ found }) => found.ssim);
    return {
      psnrY: this.luma.psnr,
      ssimY,
      psnrRgb: (this.colours ?? this.differences).psnr,
      ...(all.length > 0 && { ssimRgb: all.reduce((sum, one) => sum + one, 0) / all.length }),
      msSsimY,
      difference: this.differences.found,
    };
  }

  private addLuma(a: Samples, b: Samples): void {
    this.luma.add(a.values, b.values);
    if (this.similarity) this.similarity.add(a, b);
    else this.options.takeLuma!(a, b);
  }
}
