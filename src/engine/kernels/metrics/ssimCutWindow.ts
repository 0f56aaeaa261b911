/** The local means that SSIM is made of: of a, b, aa + bb and ab. */
const SIGNALS = 4;

/**
 * SSIM by windows of any two lengths, row after row: for pictures that are smaller than the window, where it is cut to
 * them. `WindowRows` is the same for the whole window, and fast.
 */
export class CutWindowRows {
  /** Sums over all positions of the window. */
  similarity = 0;
  contrast = 0;
  private readonly positions: number;
  /** Filtered rows, the newest last. */
  private readonly filtered: Float64Array[] = [];

  constructor(
    width: number,
    private readonly across: Float64Array,
    private readonly down: Float64Array,
    private readonly c1: number,
    private readonly c2: number,
  ) {
    this.positions = width - across.length + 1;
  }

  /** The next row of both, which begins at `offset`. */
  add(reference: Float32Array, result: Float32Array, offset: number): void {
    const { positions, across, down, filtered } = this;
    const row = new Float64Array(SIGNALS * positions);
    for (let x = 0; x < positions; x++) {
      across.forEach((weight, k) => {
        const [a, b] = [reference[offset + x + k]!, result[offset + x + k]!];
        [a, b, a * a + b * b, a * b].forEach((value, s) => (row[s * positions + x]! += weight * value));
      });
    }
    filtered.push(row);
    if (filtered.length < down.length) return;
    const means = row.map((_, i) => down.reduce((sum, weight, k) => sum + weight * filtered[k]![i]!, 0));
    filtered.shift();
    for (let x = 0; x < positions; x++) {
      const [a, b, sum, product] = [0, 1, 2, 3].map((s) => means[s * positions + x]!) as [
        number,
        number,
        number,
        number,
      ];
      const squares = a * a + b * b;
      const term = (2 * (product - a * b) + this.c2) / (sum - squares + this.c2);
      this.contrast += term;
      this.similarity += (term * (2 * a * b + this.c1)) / (squares + this.c1);
    }
  }
}
