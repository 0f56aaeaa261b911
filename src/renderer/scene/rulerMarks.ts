/** Past this zoom single source pixels are large enough to be counted. */
export const RULER_ZOOM = 8;
/** Room that a number needs, screen pixels. */
const LABEL_PIXELS = 56;
const STEPS = [1, 2, 5, 10, 20, 50];

export interface RulerMark {
  /** Screen position of the source pixel's first edge. */
  readonly at: number;
  readonly source: number;
  /** Carries its number. */
  readonly labelled: boolean;
}

/**
 * The marks of one axis, at the first edge of each source pixel in sight. `start` is the source position at
 * the beginning of the axis, `zoom` in screen pixels per source pixel, `screenLength` in screen pixels,
 * `sourceLength` in source pixels.
 */
export function rulerMarks(
  start: number,
  zoom: number,
  screenLength: number,
  sourceLength: number,
): RulerMark[] {
  const step = STEPS.find((one) => one * zoom >= LABEL_PIXELS) ?? 100;
  const first = Math.max(0, Math.ceil(start));
  const last = Math.min(sourceLength, Math.floor(start + screenLength / zoom));
  const marks: RulerMark[] = [];
  for (let source = first; source <= last; source += 1) {
    marks.push({ at: (source - start) * zoom, source, labelled: source % step === 0 });
  }
  return marks;
}
