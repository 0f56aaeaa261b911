import { area, intersect, isEmpty, rect, type Rect } from '../../../shared/geometry';
import { pixelBytes, rowBytes, type PixelLayout } from './layout';

/** Bytes of a tile, rows behind each other, and where they belong. */
export interface Placed {
  readonly at: Rect;
  readonly bytes: Uint8Array;
}

/** Tiles of one row of tiles, collected so that they reach the disk as whole rows. */
export class Band {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly parts: Rect[] = [];
  private covered = 0;

  /** `memory` is written over, where it is large enough; nobody else may use it as long as this band. */
  constructor(
    private readonly layout: PixelLayout,
    readonly y: number,
    readonly height: number,
    memory?: ArrayBuffer,
  ) {
    const length = height * rowBytes(layout);
    // Rows of tiles differ by one row of pixels.
    const enough =
      memory && memory.byteLength >= length ? memory : new ArrayBuffer(length + rowBytes(layout));
    this.bytes = new Uint8Array(enough, 0, length);
  }

  /** All of its memory, for the next band. */
  get memory(): ArrayBuffer {
    return this.bytes.buffer;
  }

  get isFull(): boolean {
    return this.covered === this.layout.width * this.height;
  }

  /** Whether a tile is of this band's rows and overlaps none that it has. */
  takes(at: Rect): boolean {
    return (
      at.y === this.y && at.height === this.height && this.parts.every((part) => isEmpty(intersect(part, at)))
    );
  }

  /** Takes a tile in; true when the band is complete. */
  add({ at, bytes }: Placed): boolean {
    const segment = at.width * pixelBytes(this.layout);
    this.eachRow(at, (offset, row) => {
      this.bytes.set(bytes.subarray(row * segment, (row + 1) * segment), offset);
    });
    this.parts.push(rect(at.x, at.y, at.width, at.height));
    this.covered += area(at);
    return this.isFull;
  }

  /** A tile of it again, rows behind each other. */
  cut(at: Rect): Uint8Array {
    const segment = at.width * pixelBytes(this.layout);
    const tile = new Uint8Array(segment * at.height);
    this.eachRow(at, (offset, row) => {
      tile.set(this.bytes.subarray(offset, offset + segment), row * segment);
    });
    return tile;
  }

  private eachRow(at: Rect, visit: (offset: number, row: number) => void): void {
    const stride = rowBytes(this.layout);
    const left = at.x * pixelBytes(this.layout);
    for (let row = 0; row < at.height; row++) visit(row * stride + left, row);
  }
}
