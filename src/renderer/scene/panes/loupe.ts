import { rect, wholeOf, type Size } from '../../../shared/geometry';
import type { ScreenPoint } from '../coordinates';
import { gridShape } from './grid';
import type { Pane, PaneKind } from './pane';

export interface LoupeOptions {
  /** Which of what is compared lies under the loupe. */
  readonly layer: number;
  /**
   * Side of a picture in the loupe, between two of them, from the cursor to the loupe, and from it to the canvas's
   * edges: device pixels.
   */
  readonly side: number;
  readonly gap: number;
  readonly distance: number;
  readonly margin: number;
}

/** The loupe's corner on one axis: beyond the cursor while there is room, else before it, always off the canvas's edges. */
function corner(at: number, length: number, { distance, margin }: LoupeOptions, room: number): number {
  const last = room - margin - length;
  const beyond = at + distance;
  const start = beyond <= last ? beyond : at - distance - length;
  return Math.round(Math.max(margin, Math.min(start, last)));
}

/** How many columns and rows a loupe has on this canvas, and the side of a picture: smaller where room lacks. */
export function loupeShape({ side, gap, margin }: LoupeOptions, layers: number, canvas: Size) {
  const { columns, rows } = gridShape(layers, { width: 4, height: 3 });
  const fits = (room: number, count: number): number =>
    Math.floor((room - 2 * margin - gap * (count - 1)) / count);
  const own = Math.max(1, Math.min(side, fits(canvas.width, columns), fits(canvas.height, rows)));
  return { columns, rows, side: own };
}

/**
 * One layer over the whole canvas, and beside the cursor a small window with a picture of every layer: each has
 * the point under the cursor in its middle, at the zoom of the canvas.
 */
export const loupe: PaneKind<LoupeOptions> = {
  arrange: (options, canvas, layers, cursor: ScreenPoint) => {
    const { gap } = options;
    const { columns, rows, side } = loupeShape(options, layers, canvas);
    const left = corner(cursor.x, columns * (side + gap) - gap, options, canvas.width);
    const top = corner(cursor.y, rows * (side + gap) - gap, options, canvas.height);
    const pictures = Array.from({ length: layers }, (_, layer): Pane => {
      const x = left + (layer % columns) * (side + gap);
      const y = top + Math.floor(layer / columns) * (side + gap);
      const own = rect<'screen'>(x, y, side, side);
      return { rect: own, passes: [{ kind: 'layer', layer, clip: own }], follows: true };
    });
    const whole = wholeOf<'screen'>(canvas);
    return [{ rect: whole, passes: [{ kind: 'layer', layer: options.layer, clip: whole }] }, ...pictures];
  },
};
