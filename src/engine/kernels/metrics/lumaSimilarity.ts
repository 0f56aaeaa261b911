import type { Size } from '../../../shared/geometry';
import type { Samples } from './samples';
import { hasFiveScales, MultiScaleSum } from './msSsim';
import { SimilaritySum } from './ssim';

export interface LumaFigures {
  readonly ssimY: number;
  /** Null under 176 pixels a side, or where it was not asked for. */
  readonly msSsimY: number | null;
}

/** SSIM of luma, and MS-SSIM where it is asked for, from strips of rows, from the top. */
export class LumaSimilarity {
  private readonly one: SimilaritySum | undefined;
  private readonly scales: MultiScaleSum | undefined;

  /** `part`: the size of what is measured. */
  constructor(part: Size, withMultiScale: boolean) {
    if (withMultiScale && hasFiveScales(part)) this.scales = new MultiScaleSum(part);
    else this.one = new SimilaritySum(part);
  }

  /** The next rows of both, samples in [0, 255]. */
  add(reference: Samples, result: Samples): void {
    const into = this.scales ?? this.one!;
    for (let row = 0; row < reference.height; row++) {
      into.add(reference.values, result.values, row * reference.width);
    }
  }

  /** Once all rows were added. */
  get found(): LumaFigures {
    const { ssim } = this.scales?.finest ?? this.one!.found;
    return { ssimY: ssim, msSsimY: this.scales?.found ?? null };
  }
}
