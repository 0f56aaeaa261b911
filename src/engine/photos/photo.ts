import type { PhotoInfo } from '../../shared/contract';
import type { Rect } from '../../shared/geometry';
import type { PixelBytes } from '../kernels/pixelBytes';
import type { Raster } from '../kernels/raster';

/**
 * An open photo as methods and jobs see it; `codec/` makes them from files, tests from arrays.
 * Coordinates are after the EXIF orientation.
 */
export interface Photo {
  /** Everything but the token, which the door gives. */
  readonly info: Omit<PhotoInfo, 'photo'>;
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. */
  readonly channels: number;
  /**
   * The pixels of a rectangle inside the photo, straight alpha, in [0, 1]. Waits for the decoder where it
   * has not come that far. `level` n reads from the photo reduced by 2^n (rectangle in that level's pixels,
   * size ceil(width / 2^n) x ceil(height / 2^n)); default 0, the photo itself.
   */
  read(rect: Rect<'source'>, options?: { level?: number; signal?: AbortSignal }): Promise<Raster>;
  /**
   * What `read` gives of the photo itself, before it was made floats: for those who need 8 bits and nothing more.
   * Absent where the photo has other samples than these.
   */
  readonly readBytes?: (rect: Rect<'source'>, options?: { signal?: AbortSignal }) => Promise<PixelBytes>;
  /** How many reduced levels exist: the coarsest is at most 256 pixels on its long side. */
  readonly levels: number;
  /** Part of the photo decoded so far, 0 to 1. */
  decoded(): number;
  /** Frees everything held, on disk too. */
  close(): Promise<void>;
}
