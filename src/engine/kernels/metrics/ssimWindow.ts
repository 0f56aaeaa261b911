import { SSIM_BINARY } from './ssimBinary';

/** The functions of ssim.wat, which says what each does. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly products: (a: number, b: number, count: number, out: number, stride: number) => void;
  readonly along: (from: number, weights: number, count: number, out: number) => void;
  readonly down: (rows: number, weights: number, pairs: number, sums: number, c1: number, c2: number) => void;
}

let compiled: WebAssembly.Module | undefined;

/** A kernel with a memory of its own. */
function newKernel(): Kernel {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(SSIM_BINARY), (letter) => letter.charCodeAt(0)));
  return new WebAssembly.Instance(compiled).exports as unknown as Kernel;
}

const WINDOW = 11;
const SIGNALS = 4;
const FLOAT_BYTES = 4;
const DOUBLE_BYTES = 8;
/** Of a pair of positions: two means of each signal. */
const PAIR_BYTES = 2 * SIGNALS * DOUBLE_BYTES;
const PAGE_BYTES = 1 << 16;

/** Where what lies in the kernel's memory: the window's half, eleven addresses, four sums, two rows, their products, filtered rows. */
const WEIGHTS_AT = 0;
const TABLE_AT = 64;
const SUMS_AT = 128;
const ROWS_AT = 192;

/**
 * SSIM by the whole window, row after row, with SIMD: the same sums in the same order as `CutWindowRows` has them but
 * for those over the positions, which two lanes share.
 */
export class WindowRows {
  private readonly kernel = newKernel();
  private readonly a: Float32Array;
  private readonly b: Float32Array;
  private readonly sums: Float64Array;
  private readonly table: Int32Array;
  private readonly positions: number;
  private readonly pairs: number;
  private readonly stride: number;
  private readonly productsAt: number;
  private readonly ringAt: number;
  private row = 0;

  /** `window`: eleven symmetric weights, along both axes. Rows are `width` samples long, 11 or more. */
  constructor(
    private readonly width: number,
    window: Float64Array,
    private readonly c1: number,
    private readonly c2: number,
  ) {
    const even = width + (width % 2);
    this.positions = width - WINDOW + 1;
    this.pairs = Math.ceil(this.positions / 2);
    this.stride = even * DOUBLE_BYTES;
    this.productsAt = ROWS_AT + 2 * even * FLOAT_BYTES;
    this.ringAt = this.productsAt + SIGNALS * this.stride;
    const { memory } = this.kernel;
    const bytes = this.ringAt + WINDOW * this.pairs * PAIR_BYTES;
    const pages = Math.ceil(bytes / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES;
    if (pages > 0) memory.grow(pages);
    new Float64Array(memory.buffer, WEIGHTS_AT, (WINDOW + 1) / 2).set(window.subarray(0, (WINDOW + 1) / 2));
    this.table = new Int32Array(memory.buffer, TABLE_AT, WINDOW);
    this.sums = new Float64Array(memory.buffer, SUMS_AT, 4);
    this.a = new Float32Array(memory.buffer, ROWS_AT, even);
    this.b = new Float32Array(memory.buffer, ROWS_AT + even * FLOAT_BYTES, even);
  }

  /** The next row of both, which begins at `offset`. */
  add(reference: Float32Array, result: Float32Array, offset: number): void {
    const { kernel, width, a, b, stride, productsAt, positions, pairs, table } = this;
    a.set(reference.subarray(offset, offset + width));
    b.set(result.subarray(offset, offset + width));
    kernel.products(a.byteOffset, b.byteOffset, width, productsAt, stride);
    const slot = this.slotAt(this.row);
    for (let s = 0; s < SIGNALS; s++) {
      kernel.along(productsAt + s * stride, WEIGHTS_AT, positions, slot + 2 * s * DOUBLE_BYTES);
    }
    this.row += 1;
    if (this.row < WINDOW) return;
    for (let k = 0; k < WINDOW; k++) table[k] = this.slotAt(this.row - WINDOW + k);
    kernel.down(TABLE_AT, WEIGHTS_AT, pairs, SUMS_AT, this.c1, this.c2);
  }

  get contrast(): number {
    return this.sums[0]! + this.sums[1]! - this.beyond;
  }

  get similarity(): number {
    return this.sums[2]! + this.sums[3]! - this.beyond;
  }

  /** Of an odd number of positions the last lane is of nothing, which is like itself. */
  private get beyond(): number {
    return this.positions % 2 === 0 ? 0 : Math.max(0, this.row - WINDOW + 1);
  }

  private slotAt(row: number): number {
    return this.ringAt + (row % WINDOW) * this.pairs * PAIR_BYTES;
  }
}
