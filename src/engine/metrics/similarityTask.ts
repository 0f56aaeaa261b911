import type { Size } from '../../shared/geometry';
import type { Samples } from '../kernels/metrics/samples';
import type { LumaFigures } from '../kernels/metrics/lumaSimilarity';

/** What a thread is started with that measures SSIM. */
export interface SimilarityTask {
  readonly similarity: { readonly part: Size; readonly withMultiScale: boolean };
}

/** The next rows of both pictures; null: there are no more. */
export type SimilarityRows = { readonly reference: Samples; readonly result: Samples } | null;

export type SimilarityAnswer =
  { readonly is: 'taken' } | { readonly is: 'found'; readonly figures: LumaFigures };

/** Whether a thread was made to measure SSIM. */
export const isSimilarityTask = (data: unknown): data is SimilarityTask =>
  typeof data === 'object' && data !== null && 'similarity' in data;
