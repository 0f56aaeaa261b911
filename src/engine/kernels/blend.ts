/** A half-open run of pixels of one axis. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

function checkSpans(spans: readonly Span[]): void {
  spans.forEach(({ start, end }, k) => {
    const before = spans[k - 1];
    const follows = !before || (start >= before.start && start <= before.end && end >= before.end);
    if (end > start && follows) return;
    throw new RangeError(
      `blending expects spans that go on without a gap, received ${start} to ${end}` +
        (before ? ` after ${before.start} to ${before.end}` : ''),
    );
  });
}

/**
 * Weights of overlapping spans: each falls linearly to its ends inside the picture (not at the picture's own
 * border, where nothing was cut off), and at every pixel they are divided by their sum. So they sum to 1,
 * are exactly 1 where a span is alone, and cross-fade where two overlap. For networks that look further than
 * their tiles' overlap: what differs between two tiles fades from one into the other.
 *
 * `spans` are the output pixels that each tile of an axis delivers, overlap included, in order. Throws
 * RangeError where they leave a gap.
 */
export function featherWeights(spans: readonly Span[]): Float64Array[] {
  checkSpans(spans);
  const first = spans[0]?.start ?? 0;
  const last = spans.at(-1)?.end ?? first;
  const total = new Float64Array(last - first);
  const weights = spans.map(({ start, end }) => {
    const own = new Float64Array(end - start);
    for (let i = 0; i < own.length; i++) {
      const fromStart = start === first ? Infinity : i + 1;
      const toEnd = end === last ? Infinity : own.length - i;
      own[i] = Math.min(fromStart, toEnd, own.length + 1);
      total[start - first + i]! += own[i]!;
    }
    return own;
  });
  weights.forEach((own, k) => {
    const offset = spans[k]!.start - first;
    for (let i = 0; i < own.length; i++) own[i]! /= total[offset + i]!;
  });
  return weights;
}
