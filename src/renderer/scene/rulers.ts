import type { Rect, Size } from '../../shared/geometry';
import type { Camera } from './camera';
import { photoCorner } from './cameras';
import { RULER_ZOOM, rulerMarks, type RulerMark } from './rulerMarks';

/** How much of a pane's first edges a ruler covers, CSS pixels. */
export const RULER_WIDTH = 16;
/**
 * A pane with a shorter side has no ruler. A ruler would cover more than a tenth of it, and numbers stand up to 140
 * pixels apart: a side that is shorter could be without any. Editors that tile views do the same: each has a ruler
 * of its own, since one is read where the eye is, and a thumbnail has none.
 */
export const RULED_SIDE = 160;

/** The ruler of one pane; `box` and the marks' places, counted from the pane's own corner, are CSS pixels. */
export interface PaneRuler {
  readonly box: Rect;
  readonly across: readonly RulerMark[];
  readonly down: readonly RulerMark[];
}

/** Whether a pane of this size, device pixels, has a ruler. */
export const isRuled = ({ width, height }: Size, camera: Camera, pixelRatio: number): boolean =>
  camera.zoom > RULER_ZOOM && Math.min(width, height) >= RULED_SIDE * pixelRatio;

/** The ruler of a pane, device pixels, that looks at a photo of this size. */
export function rulerOf(pane: Rect<'screen'>, camera: Camera, photo: Size, pixelRatio: number): PaneRuler {
  const corner = photoCorner(pane, camera);
  const zoom = camera.zoom / pixelRatio;
  const box = {
    x: pane.x / pixelRatio,
    y: pane.y / pixelRatio,
    width: pane.width / pixelRatio,
    height: pane.height / pixelRatio,
  };
  return {
    box,
    across: rulerMarks((pane.x - corner.x) / camera.zoom, zoom, box.width, photo.width),
    down: rulerMarks((pane.y - corner.y) / camera.zoom, zoom, box.height, photo.height),
  };
}
