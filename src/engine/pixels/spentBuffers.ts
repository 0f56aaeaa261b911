/** More than the tiles under way need would only hold memory. */
const KEPT = 10;
/** Of large tiles fewer are kept: a run on one takes so long that clearing its memory does not matter. */
const KEPT_BYTES = 24 * 2 ** 20;

/**
 * Memory of network outputs that were worked up, and of finished tiles that were written, to be written over by the next
 * ones: fresh memory of such sizes has to be cleared page by page for every tile, and what is let go has V8 collect.
 */
export class SpentBuffers {
  private readonly kept: ArrayBuffer[] = [];

  /** An array of exactly this length, its values whatever they are; one in use by nobody else. */
  take(length: number): Float32Array<ArrayBuffer> {
    const bytes = length * Float32Array.BYTES_PER_ELEMENT;
    return new Float32Array(this.takeKept(bytes) ?? new ArrayBuffer(bytes));
  }

  /** Memory of exactly so many bytes, where such is kept. */
  takeKept(bytes: number): ArrayBuffer | undefined {
    const found = this.kept.findIndex((buffer) => buffer.byteLength === bytes);
    return found < 0 ? undefined : this.kept.splice(found, 1)[0];
  }

  /** Whoever gives a buffer back must not use it any more. */
  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength === 0) return; // it has moved elsewhere
    this.kept.push(buffer);
    while (this.kept.length > KEPT || (this.kept.length > 1 && this.bytes > KEPT_BYTES)) this.kept.shift();
  }

  private get bytes(): number {
    return this.kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Nothing runs: nothing needs to be kept. */
  clear(): void {
    this.kept.length = 0;
  }
}
