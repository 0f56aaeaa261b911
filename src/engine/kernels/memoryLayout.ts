/** Bytes of a vector of WebAssembly's instructions. */
export const VECTOR_BYTES = 16;
const PAGE_BYTES = 65_536;

/** Hands out parts of a WebAssembly memory from its beginning on, each beginning at a whole vector. */
export class MemoryLayout {
  private end = 0;

  /** Where the next `bytes` begin. */
  take(bytes: number): number {
    const start = this.end;
    // Loads and stores of the last numbers reach one vector further.
    this.end = Math.ceil((start + bytes) / VECTOR_BYTES + 1) * VECTOR_BYTES;
    return start;
  }

  /** Grows the memory to what was handed out. */
  ensure(memory: WebAssembly.Memory): ArrayBuffer {
    const missing = this.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return memory.buffer;
  }
}
