import { outputSize, type Size } from '../../shared/geometry';
import { toScreen, type Camera } from './camera';
import { makerKey, type CachedLayer, type CachedTile, type LayerSettings } from './tileCache';

/** A tile as it is, as a dimmed grey that stands in where a map is wanted, or as a map of what was invented. */
export type Shading = 'plain' | 'grey' | 'map';

/** One tile on the screen: device pixels, and how far it has faded in. */
export interface Quad<Picture> {
  readonly tile: CachedTile<Picture>;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** One tile pixel is one device pixel: drawn without interpolation. */
  readonly exact: boolean;
  readonly shading: Shading;
  /** 0 to 1. */
  readonly opacity: number;
}

export interface DrawScene {
  readonly camera: Camera;
  readonly viewport: Size;
  readonly photo: Size;
  /** What is wanted: drawn last, over all that stands in for it. */
  readonly wanted: LayerSettings;
  /** The camera rests: tiles go on whole device pixels. */
  readonly steady: boolean;
  readonly now: number;
  readonly fadeMilliseconds: number;
}

/** Tiles more than twice as fine as the screen would flicker when reduced without a filter. */
const FINEST = 2.01;

/**
 * What to draw, first to last: the poorest stand-in below, the wanted tiles on top. A stand-in loses by its
 * distance from the zoom in octaves. Being of the wanted method is worth one: a little coarser it is still
 * better than another method at exactly the zoom, magnified more than twofold it is not. Turned otherwise it
 * is worth a little less. A map, where one is wanted, is worth two more than any enlargement.
 */
function order(layer: LayerSettings, scene: DrawScene): number {
  const { wanted } = scene;
  const isWantedKind = layer.shows === wanted.shows;
  const isSameMaker = makerKey(layer) === makerKey(wanted);
  if (isSameMaker && isWantedKind && layer.scale === wanted.scale) return Infinity;
  const kinship = isSameMaker ? 1 : layer.method === wanted.method ? 0.75 : 0;
  const map = layer.shows === 'invented' ? 2 : 0;
  return kinship + map - Math.abs(Math.log2(layer.scale / scene.camera.zoom));
}

function usable(layer: LayerSettings, { wanted, camera }: DrawScene): boolean {
  if (layer.shows === 'invented' && wanted.shows !== 'invented') return false;
  return layer.photo === wanted.photo && layer.scale <= camera.zoom * FINEST;
}

function shadingOf(layer: LayerSettings, wanted: LayerSettings): Shading {
  if (layer.shows === 'invented') return 'map';
  return wanted.shows === 'invented' ? 'grey' : 'plain';
}

export function planDrawing<Picture>(
  layers: Iterable<CachedLayer<Picture>>,
  scene: DrawScene,
): Quad<Picture>[] {
  const usableLayers = [...layers].filter((layer) => usable(layer.settings, scene));
  usableLayers.sort((a, b) => order(a.settings, scene) - order(b.settings, scene));
  return usableLayers.flatMap((layer) => quadsOf(layer, scene));
}

function quadsOf<Picture>(layer: CachedLayer<Picture>, scene: DrawScene): Quad<Picture>[] {
  const { camera, viewport, photo } = scene;
  const { scale } = layer.settings;
  const corner = toScreen(camera, viewport, { x: 0, y: 0 });
  const origin = scene.steady ? { x: Math.round(corner.x), y: Math.round(corner.y) } : corner;
  const exact = scale === camera.zoom && scene.steady;
  // The last tile of a layer ends with the photo itself: its size was rounded to whole output pixels.
  const whole = outputSize(photo, scale);
  const edge = (start: number, at: number, end: number, length: number): number =>
    start + (exact ? at : at === end ? length * camera.zoom : (at / scale) * camera.zoom);
  const shading = shadingOf(layer.settings, scene.wanted);
  const quads: Quad<Picture>[] = [];
  for (const tile of layer.tiles.values()) {
    const { rect } = tile;
    const left = edge(origin.x, rect.x, whole.width, photo.width);
    const right = edge(origin.x, rect.x + rect.width, whole.width, photo.width);
    const top = edge(origin.y, rect.y, whole.height, photo.height);
    const bottom = edge(origin.y, rect.y + rect.height, whole.height, photo.height);
    if (right <= 0 || bottom <= 0 || left >= viewport.width || top >= viewport.height) continue;
    const age = scene.now - tile.arrived;
    const opacity = scene.fadeMilliseconds > 0 ? Math.min(1, Math.max(0, age / scene.fadeMilliseconds)) : 1;
    quads.push({ tile, left, top, right, bottom, exact, shading, opacity });
  }
  return quads;
}
