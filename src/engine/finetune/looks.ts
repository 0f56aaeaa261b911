import type { TrainingPreview } from '../../shared/contract';
import { wholeOf, type Rect } from '../../shared/geometry';
import type { Raster } from '../kernels/raster';
import { cutOut } from '../kernels/window';
import { screenPixels } from '../pixels/finish';
import type { Exam } from './compared';
import { detailOf, windowsIn } from './windows';

/** Sides of what is shown, in pixels of the photo. */
const SIDE = 128;

const partOf = (picture: Raster, part: Rect<'source'>): Raster =>
  cutOut({ rect: wholeOf<'source'>(picture), pixels: picture }, part);

/** The most detailed square of an exam: chosen by the photo alone, before anything is made of it. */
export function lookPlace({ original }: Pick<Exam, 'original'>): Rect<'source'> {
  const side = Math.min(SIDE, original.width, original.height);
  const [first, ...others] = windowsIn(original, side).map((place) => ({
    place,
    detail: detailOf(partOf(original, place)),
  }));
  return others.reduce((finest, one) => (one.detail > finest.detail ? one : finest), first!).place;
}

/** An exam's square, of pictures of the original's size. */
export interface Look {
  readonly exam: Exam;
  readonly before: Raster;
  readonly after: Raster;
}

/** What a training came to, side by side: a square of each exam, as a page shows it. */
export function looksOf(looks: readonly Look[]): TrainingPreview[] {
  return looks.map(({ exam, before, after }) => {
    const place = lookPlace(exam);
    const shown = (picture: Raster) => screenPixels(partOf(picture, place), null);
    return {
      squares: looks.length,
      photo: exam.photo,
      side: place.width,
      original: shown(exam.original),
      before: shown(before),
      after: shown(after),
    };
  });
}
