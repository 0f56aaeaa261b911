import type { MemoryLayout } from '../kernels/memoryLayout';
import type { Window } from '../kernels/window';
import type { Rect } from '../../shared/geometry';
import { FLOAT_BYTES } from './tileKernel';

/** Three planes of a tile's pixels in the memory of `tileKernel`, a row at a time: they lie there, or are made. */
export interface PixelRows {
  /** Takes the memory that it needs. */
  reserve(layout: MemoryLayout): void;
  /** Lays down what is needed for all rows; the memory has its size now. */
  begin(buffer: ArrayBuffer): void;
  /** Bytes from a row of a colour to that of the next; known once there is memory. */
  readonly planeBytes: number;
  /** Where the first number of a row lies; rows are asked for from the top down, and hold until the next. */
  at(y: number): number;
}

/** The `part` of pixels that are there already. */
export class ReadyRows implements PixelRows {
  readonly planeBytes: number;
  private start = 0;

  constructor(
    private readonly made: Window,
    private readonly part: Rect,
  ) {
    this.planeBytes = made.rect.width * made.rect.height * FLOAT_BYTES;
  }

  reserve(layout: MemoryLayout): void {
    this.start = layout.take(this.made.pixels.data.byteLength);
  }

  begin(buffer: ArrayBuffer): void {
    const { data } = this.made.pixels;
    new Float32Array(buffer, this.start, data.length).set(data);
  }

  at(y: number): number {
    const { rect } = this.made;
    return this.start + ((this.part.y - rect.y + y) * rect.width + this.part.x - rect.x) * FLOAT_BYTES;
  }
}
