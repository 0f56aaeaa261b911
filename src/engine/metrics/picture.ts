import { wholeOf, type Rect, type Size } from '../../shared/geometry';
import type { Pixels } from '../kernels/metrics/samples';
import { cutOut } from '../kernels/window';
import type { PixelBytes } from '../kernels/pixelBytes';
import type { Raster } from '../kernels/raster';
import type { Photo } from '../photos/photo';

/** A picture that is measured: read part by part, so that none has to be held whole. */
export interface Picture extends Size {
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. */
  readonly channels: number;
  read(part: Rect): Promise<Raster>;
  /** The same without the way through floats, where the picture has 8 bits. */
  readonly readBytes?: (part: Rect) => Promise<PixelBytes>;
}

/** Pixels of a part as they are measured, by the shorter way where there is one. */
export const readMeasured = (picture: Picture, part: Rect): Promise<Pixels> =>
  picture.readBytes?.(part) ?? picture.read(part);

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
  ...(photo.readBytes && {
    readBytes: (part: Rect) => photo.readBytes!(part as Rect<'source'>, signal && { signal }),
  }),
});
