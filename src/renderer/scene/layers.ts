import type { Layer, PhotoInfo, Shows } from '../../shared/contract';
import { PLAIN_OPTIONS, type MethodOptions, type MethodRef } from '../../shared/enlargement';

/** What is to be seen of a photo, at whatever zoom. */
export interface LayerRequest {
  readonly photo: PhotoInfo;
  readonly method: MethodRef;
  readonly options: MethodOptions;
  /** Above scale 1; below it is the photo itself. */
  readonly shows: Shows;
  /** The method takes its time: a quick enlargement stands in until its tiles come. */
  readonly isSlow: boolean;
}

/** What shows a photo until something better comes: quick, and at hand in every installation. */
export const STAND_IN = { method: { id: 'bicubic', sum: 'code' }, options: PLAIN_OPTIONS } as const;

export const standInLayer = (photo: string, scale: number): Layer => ({
  enlargement: { photo, method: STAND_IN.method, scale, options: STAND_IN.options },
  shows: 'enlargement',
});

/**
 * The layer of a request at a scale. Below scale 1 every method shows the photo itself, reduced: one layer
 * for all of them. At scale 1 there is nothing invented to be shown either.
 */
export function layerAt({ photo: { photo }, method, options, shows }: LayerRequest, scale: number): Layer {
  if (scale < 1) return standInLayer(photo, scale);
  const enlargement = { photo, method, scale, options };
  return { enlargement, shows: scale > 1 ? shows : 'enlargement' };
}
