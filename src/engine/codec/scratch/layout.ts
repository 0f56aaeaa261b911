import type { Rect, Size } from '../../../shared/geometry';

/** How pixels lie in a file: row by row, interleaved, in the machine's byte order. */
export interface PixelLayout extends Size {
  /** 1 grey, 2 grey + alpha, 3 RGB, 4 RGB + alpha. */
  readonly channels: number;
  /** Bits a channel. */
  readonly depth: 8 | 16;
}

export type Samples = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

export const pixelBytes = ({ channels, depth }: PixelLayout): number => (channels * depth) / 8;
export const rowBytes = (layout: PixelLayout): number => layout.width * pixelBytes(layout);
export const pictureBytes = (layout: PixelLayout): number => layout.height * rowBytes(layout);

/** Bytes from the first pixel of the picture to that of a rectangle. */
export const offsetOf = (layout: PixelLayout, at: Pick<Rect, 'x' | 'y'>): number =>
  at.y * rowBytes(layout) + at.x * pixelBytes(layout);

export const newSamples = (layout: PixelLayout, pixels: number): Samples =>
  layout.depth === 16 ? new Uint16Array(pixels * layout.channels) : new Uint8Array(pixels * layout.channels);

/** The samples' memory as bytes. */
export const bytesOf = (samples: Samples): Uint8Array<ArrayBuffer> =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

/** The colour space that libvips calls a picture of this layout. */
export function colourspaceOf({ channels, depth }: PixelLayout): 'b-w' | 'grey16' | 'srgb' | 'rgb16' {
  if (channels < 3) return depth === 16 ? 'grey16' : 'b-w';
  return depth === 16 ? 'rgb16' : 'srgb';
}
