import type { Size } from '../../shared/geometry';
import type { ScreenPoint, SourcePoint } from './coordinates';

/**
 * Where a pane looks. `zoom` is device pixels per source pixel; `x`, `y` is the point of the photo under the
 * middle of the pane's viewport, in source pixels with the photo's top left corner at 0, 0.
 * Pure arithmetic: screen positions are device pixels from the viewport's top left corner.
 */
export interface Camera {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const ZOOM_MAX = 60;
export const ZOOM_MIN = 1 / 256;

/** Zooms that the keyboard and the buttons stop at. */
const STOPS = [
  1 / 256,
  1 / 128,
  1 / 64,
  1 / 32,
  1 / 16,
  1 / 8,
  1 / 6,
  1 / 4,
  1 / 3,
  1 / 2,
  2 / 3,
  1,
  1.5,
  2,
  3,
  4,
  6,
  8,
  12,
  16,
  24,
  30,
  45,
  60,
];

export const clampZoom = (zoom: number): number => Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, zoom));

/** Screen position of a point of the photo. */
export const toScreen = (camera: Camera, viewport: Size, source: SourcePoint): ScreenPoint => ({
  x: (source.x - camera.x) * camera.zoom + viewport.width / 2,
  y: (source.y - camera.y) * camera.zoom + viewport.height / 2,
});

/** The point of the photo (real, edges on whole numbers) at a screen position. */
export const toSource = (camera: Camera, viewport: Size, screen: ScreenPoint): SourcePoint => ({
  x: (screen.x - viewport.width / 2) / camera.zoom + camera.x,
  y: (screen.y - viewport.height / 2) / camera.zoom + camera.y,
});

/** The camera with that zoom under which `source` lies at `screen`. */
export function place(viewport: Size, source: SourcePoint, screen: ScreenPoint, zoom: number): Camera {
  return {
    zoom,
    x: source.x - (screen.x - viewport.width / 2) / zoom,
    y: source.y - (screen.y - viewport.height / 2) / zoom,
  };
}

/** Zooms so that the point under `anchor` stays where it is. */
export const zoomAt = (camera: Camera, viewport: Size, anchor: ScreenPoint, zoom: number): Camera =>
  place(viewport, toSource(camera, viewport, anchor), anchor, clampZoom(zoom));

/** Moves the photo by whole or part device pixels, as a hand drags it. */
export const panBy = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / camera.zoom,
  y: camera.y - dy / camera.zoom,
});

/** The whole photo in the viewport, `margin` device pixels around it; small photos are enlarged. */
export function fit(photo: Size, viewport: Size, margin: number): Camera {
  const room = (length: number): number => Math.max(1, length - 2 * margin);
  const zoom = Math.min(room(viewport.width) / photo.width, room(viewport.height) / photo.height);
  return { zoom: clampZoom(zoom), x: photo.width / 2, y: photo.height / 2 };
}

/** Keeps the middle of the viewport on the photo, so that it can never be lost from sight. */
export const keepOnPhoto = (camera: Camera, photo: Size): Camera => ({
  ...camera,
  x: Math.min(photo.width, Math.max(0, camera.x)),
  y: Math.min(photo.height, Math.max(0, camera.y)),
});

/** The next stop above (`direction` 1) or below (-1) a zoom. */
export function nextStop(zoom: number, direction: 1 | -1): number {
  const beyond = (stop: number): boolean => (direction > 0 ? stop > zoom * 1.001 : stop < zoom / 1.001);
  const candidates = STOPS.filter(beyond);
  return (direction > 0 ? candidates[0] : candidates.at(-1)) ?? clampZoom(zoom);
}

/**
 * Where a closer look at a photo that is shown whole goes: to 100 %, for a small photo that is larger than that
 * already to the chosen scale, and never further away.
 */
export const closerZoom = (fitted: number, scale: number): number =>
  clampZoom([1, scale].find((zoom) => zoom > fitted * 1.1) ?? fitted * 2);

/** Zoom factor of a wheel turn; `deltaPixels` as WheelEvent.deltaY in pixels, up (negative) enlarges. */
export const wheelFactor = (deltaPixels: number): number => 2 ** (-deltaPixels / 300);

const EASE_MILLISECONDS = 45;

/**
 * One step of a zoom towards its target, eased in the logarithm so that it feels equally fast everywhere;
 * arrives exactly. `elapsed` in milliseconds since the last step.
 */
export function easeZoom(zoom: number, target: number, elapsed: number): number {
  const distance = Math.log2(target / zoom);
  const left = distance * Math.exp(-elapsed / EASE_MILLISECONDS);
  return Math.abs(left) < 0.002 ? target : target * 2 ** -left;
}
