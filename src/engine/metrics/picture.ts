import { wholeOf, type Rect, type Size } from '../../shared/geometry';
import { cutOut } from '../kernels/window';
import type { Raster } from '../kernels/raster';
import type { Photo } from '../photos/photo';

/** A picture that is measured: read part by part, so that none has to be held whole. */
export interface Picture extends Size {
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. */
  readonly channels: number;
  read(part: Rect): Promise<Raster>;
}

/** Pixels in memory as such a picture. */
export const pictureOf = (pixels: Raster): Picture => ({
  width: pixels.width,
  height: pixels.height,
  channels: pixels.channels,
  read: (part) => Promise.resolve(cutOut({ rect: wholeOf(pixels), pixels }, part)),
});

/** An open photo as such a picture; `signal` stops the wait for its decoder. */
export const pictureOfPhoto = (photo: Photo, signal?: AbortSignal): Picture => ({
  width: photo.info.width,
  height: photo.info.height,
  channels: photo.channels,
  read: (part) => photo.read(part as Rect<'source'>, signal && { signal }),
});
