import { VIEW_SCALE_MIN, type TileRect } from '../../shared/contract';
import {
  intersect,
  isEmpty,
  outputRect,
  outputSize,
  SCALE_MAX,
  type Rect,
  type Size,
} from '../../shared/geometry';
import { toSource, type Camera } from './camera';

/** Which tiles of which enlargement a camera needs. Pure. */

/** The scale whose pixels are the screen's own at this zoom; past the largest scale its tiles are magnified. */
export const scaleAtZoom = (zoom: number): number => Math.min(SCALE_MAX, Math.max(VIEW_SCALE_MIN, zoom));

/** From this scale on the margin of a projection, some photo pixels wide, is most of a usual tile's work. */
const WIDE_MARGIN_SCALE = 8;

/**
 * Side of a tile in output pixels: small while a tile covers much of the photo, so that the first one comes
 * soon, large when it covers little, so that the work at its edges stays small. `projected`: a projection
 * needs a margin around each tile.
 */
export function tileSide(scale: number, projected = false): number {
  if (projected && scale >= WIDE_MARGIN_SCALE) return 1024;
  return scale >= 1 && scale < 3 ? 256 : 512;
}

/**
 * The part of the enlargement at `scale` that lies in the viewport grown by `margin` device pixels, in output
 * pixels; null when the photo is out of sight.
 */
export function visibleRect(
  camera: Camera,
  viewport: Size,
  photo: Size,
  scale: number,
  margin = 0,
): Rect<'output'> | null {
  const whole = outputSize(photo, scale);
  const first = toSource(camera, viewport, { x: -margin, y: -margin });
  const last = toSource(camera, viewport, { x: viewport.width + margin, y: viewport.height + margin });
  const left = Math.max(0, Math.floor(first.x * scale));
  const top = Math.max(0, Math.floor(first.y * scale));
  const right = Math.min(whole.width, Math.ceil(last.x * scale));
  const bottom = Math.min(whole.height, Math.ceil(last.y * scale));
  if (right <= left || bottom <= top) return null;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The grid's tiles that touch `seen`, row by row; those at the far edges end with the enlargement. */
export function tilesOf(area: Rect<'output'>, side: number, whole: Size): TileRect[] {
  const tiles: TileRect[] = [];
  for (let y = Math.floor(area.y / side) * side; y < area.y + area.height; y += side) {
    for (let x = Math.floor(area.x / side) * side; x < area.x + area.width; x += side) {
      tiles.push({
        x,
        y,
        width: Math.min(side, whole.width - x),
        height: Math.min(side, whole.height - y),
      });
    }
  }
  return tiles;
}

export interface TilesInView {
  readonly scale: number;
  /** The part of the enlargement that is on screen; null: none. */
  readonly area: Rect<'output'> | null;
  /** On screen. */
  readonly visible: readonly TileRect[];
  /** Just outside, for the next movement of the hand. */
  readonly around: readonly TileRect[];
}

/** What a pane needs at its zoom; `projected` as in `tileSide`. */
export function tilesInView(camera: Camera, viewport: Size, photo: Size, projected = false): TilesInView {
  const scale = scaleAtZoom(camera.zoom);
  const side = tileSide(scale, projected);
  const whole = outputSize(photo, scale);
  const area = visibleRect(camera, viewport, photo, scale);
  if (!area) return { scale, area, visible: [], around: [] };
  const visible = tilesOf(area, side, whole);
  const known = new Set(visible.map((tile) => tileKey(tile)));
  const grown = visibleRect(camera, viewport, photo, scale, side / 2) ?? area;
  const around = tilesOf(grown, side, whole).filter((tile) => !known.has(tileKey(tile)));
  return { scale, area, visible, around };
}

/** Of these tiles those that touch a part of the photo; what lies around it is not asked for ahead. */
export function tilesWithin(tiles: TilesInView, part: Rect<'source'>, photo: Size): TilesInView {
  const own = outputRect(part, photo, tiles.scale);
  const area = tiles.area && intersect(tiles.area, own);
  if (!area || isEmpty(area)) return { scale: tiles.scale, area: null, visible: [], around: [] };
  const visible = tiles.visible.filter((tile) => !isEmpty(intersect<'output'>(tile, area)));
  return { scale: tiles.scale, area, visible, around: [] };
}

/** Long side of the overview of a whole photo, which stands in everywhere, output pixels. */
const OVERVIEW_PIXELS = 1536;

/** The whole photo in a few tiles. */
export function overviewTiles(photo: Size): { scale: number; tiles: TileRect[] } {
  const scale = Math.min(1, OVERVIEW_PIXELS / Math.max(photo.width, photo.height));
  const whole = outputSize(photo, scale);
  return { scale, tiles: tilesOf({ x: 0, y: 0, ...whole }, tileSide(0), whole) };
}

/** A tile's place in its layer. */
export const tileKey = ({ x, y, width, height }: TileRect): string => `${x},${y},${width},${height}`;

/** A tile among those of all layers; `key` is its layer's (`layerKey`). */
export const placeOf = (key: string, tile: TileRect): string => `${key} ${tileKey(tile)}`;
