import type { Size } from '../../shared/geometry';

/** Pixels of 8 bits as they lie in files: row by row, the channels of a pixel beside each other, alpha straight. */
export interface PixelBytes extends Size {
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. */
  readonly channels: number;
  /** height * width * channels values. */
  readonly bytes: Uint8Array;
}
