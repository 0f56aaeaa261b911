import type { Rect, Size } from '../../../shared/geometry';
import type { ScreenPoint } from '../coordinates';

/** How one layer is drawn into a part of a pane. Layers are named by their place in what is compared. */
export interface LayerPass {
  readonly kind: 'layer';
  readonly layer: number;
  /** Part of the canvas; nothing is drawn outside. */
  readonly clip: Rect<'screen'>;
  /** Part of the photo, wherever the camera has it; nothing is drawn outside. Absent: all of it. */
  readonly within?: Rect<'source'>;
}

/** The second of two layers less the first. */
export interface DifferencePass {
  readonly kind: 'difference';
  readonly layers: readonly [number, number];
  readonly clip: Rect<'screen'>;
  /** Times the difference, 1 or more. */
  readonly gain: number;
  /** Around middle grey, lighter where the second is lighter; else its amount on black. */
  readonly isSigned: boolean;
}

export type Pass = LayerPass | DifferencePass;

/** A rectangle of the canvas, device pixels, with one camera, and what is drawn in it, first to last. */
export interface Pane {
  readonly rect: Rect<'screen'>;
  readonly passes: readonly Pass[];
  /** It looks, at the zoom of the first pane, at what lies there under the cursor. */
  readonly follows?: boolean;
}

/**
 * A way to lay panes out; `layers` is how many are compared, 1 or more, `cursor` where it is on the canvas, or
 * its middle.
 */
export interface PaneKind<Options> {
  arrange(options: Options, canvas: Size, layers: number, cursor: ScreenPoint): Pane[];
}
