import type { PixelLayout, Samples } from '../scratch/layout';

/** A picture as a decoder of another format gives it: upright, straight alpha. */
export interface Decoded {
  readonly layout: PixelLayout;
  readonly samples: Samples;
  readonly icc?: Buffer | undefined;
  /** With "Exif\0\0" in front. */
  readonly exif?: Buffer | undefined;
  readonly xmp?: Buffer | undefined;
  /** Whether the file has a JPEG by the camera beside what was decoded. */
  readonly embedded?: boolean;
  /** Sentences for the user. */
  readonly notes: readonly string[];
}

/** A kind of file inside a known format that is not read: what it is. */
export class NotRead extends Error {}

/** Most pixels that these decoders are given: they hold all of a picture, within the 4 GiB of WebAssembly. */
export const FOREIGN_PIXELS_MAX = 200_000_000;

/** Throws before anything of that size is made. */
export function expectSize(width: number, height: number): void {
  if (width < 1 || height < 1) throw new Error(`the header says ${width} x ${height} pixels`);
  if (width * height > FOREIGN_PIXELS_MAX) {
    throw new NotRead(
      `${width} x ${height} pixels, more than the ${FOREIGN_PIXELS_MAX / 1e6} megapixels of this format's decoder`,
    );
  }
}
