/** What a hand on a wheel or a trackpad wants of the view; lengths in CSS pixels. */
export type WheelIntent =
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }
  /** `eased`: a notch is a jump that the eye needs help with; a pinch follows the fingers. */
  | { readonly kind: 'zoom'; readonly pixels: number; readonly eased: boolean };

/** The part of a WheelEvent that tells. `wheelDeltaY` is Chromium's and Safari's own. */
export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly wheelDeltaY?: number;
}

/** A wheel that turns by lines or pages, in pixels. */
const UNITS = [1, 40, 800];
/** One notch of a mouse's wheel, in the unit of `wheelDeltaY`. */
const NOTCH = 120;
/** On a trackpad `wheelDeltaY` is so many times the pixels, and says nothing of its own. */
const TRACKPAD_RATIO = 3;
const PINCH_GAIN = 4;

/** Whether this comes from a wheel with notches: whole notches, in no fixed relation to the pixels. */
function isNotched({ deltaX, deltaY, deltaMode, wheelDeltaY }: WheelTurn): boolean {
  if (deltaMode !== 0) return true;
  if (deltaX !== 0 || !wheelDeltaY) return false;
  return wheelDeltaY % NOTCH === 0 && Math.abs(wheelDeltaY) !== Math.abs(deltaY) * TRACKPAD_RATIO;
}

/**
 * A mouse's wheel zooms. Two fingers on a trackpad move the photo, as they move a page; a pinch (which comes as
 * a wheel with Ctrl), or Ctrl or Command with either, zooms. A wheel whose notches the browser does not tell
 * (a mouse on a Mac) moves the photo, and zooms with Command.
 */
export function wheelIntent(turn: WheelTurn): WheelIntent {
  const unit = UNITS[turn.deltaMode] ?? 1;
  const notched = isNotched(turn);
  if (notched && turn.deltaX === 0) return { kind: 'zoom', pixels: turn.deltaY * unit, eased: true };
  if (turn.ctrlKey || turn.metaKey) return { kind: 'zoom', pixels: turn.deltaY * PINCH_GAIN, eased: false };
  return { kind: 'pan', dx: -turn.deltaX * unit, dy: -turn.deltaY * unit };
}
