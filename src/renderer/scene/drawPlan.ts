import type { Layer } from '../../shared/contract';
import { makerKey } from '../../shared/enlargement';
import { intersect, isEmpty, outputSize, type Rect, type Size } from '../../shared/geometry';
import { toScreen, type Camera } from './camera';
import { STAND_IN } from './layers';
import type { Pass } from './panes/pane';
import { edgesOf, overlap, seenIn, type Edges } from './seen';
import type { Arrived, ShownLayer } from './tileStore';

/** A tile as it is, as a dimmed grey that stands in where a map is wanted, or as a map of what was invented. */
export type Shading = 'plain' | 'grey' | 'map';

/** One tile on the screen: device pixels of the canvas, and how far it has faded in. */
export interface Quad<Picture> extends Edges {
  readonly layer: Layer;
  readonly tile: Arrived<Picture>;
  /** One tile pixel is one device pixel: drawn without interpolation. */
  readonly exact: boolean;
  readonly shading: Shading;
  /** 0 to 1. */
  readonly opacity: number;
}

/** Quads first to last, and nothing outside of `clip`. */
export interface LayerDraw<Picture> {
  readonly kind: 'layer';
  readonly clip: Rect<'screen'>;
  readonly quads: readonly Quad<Picture>[];
}

/** The second picture less the first, see `DifferencePass`. */
export interface DifferenceDraw<Picture> {
  readonly kind: 'difference';
  readonly clip: Rect<'screen'>;
  readonly quads: readonly [readonly Quad<Picture>[], readonly Quad<Picture>[]];
  readonly gain: number;
  readonly isSigned: boolean;
}

export type Draw<Picture> = LayerDraw<Picture> | DifferenceDraw<Picture>;

export const quadsIn = <Picture>(draw: Draw<Picture>): readonly Quad<Picture>[] =>
  draw.kind === 'layer' ? draw.quads : draw.quads.flat();

/** A layer as a pane wants it. */
export interface WantedLayer {
  readonly layer: Layer;
  readonly photo: Size;
  /** It cannot be made: other methods' pixels would stand there under its name. */
  readonly hasFailed: boolean;
}

/** How a pane looks at what it shows. */
export interface PaneView {
  /** The pane's part of the canvas. */
  readonly rect: Rect<'screen'>;
  readonly camera: Camera;
  /** The camera rests: tiles go on whole device pixels. */
  readonly steady: boolean;
  readonly now: number;
  readonly fadeMilliseconds: number;
}

/** What to draw for one pass of a pane; `wanted` gives a layer by its place in what is compared. */
export function planPass<Picture>(
  pass: Pass,
  wanted: (place: number) => WantedLayer | undefined,
  layers: readonly ShownLayer<Picture>[],
  view: PaneView,
): Draw<Picture> {
  const quads = (place: number, part: Rect<'screen'>): Quad<Picture>[] => {
    const one = wanted(place);
    return one ? planLayer(layers, one, view, part) : [];
  };
  const { clip } = pass;
  if (pass.kind === 'layer') {
    const own = pass.within ? intersect(clip, partOnScreen(pass.within, view)) : clip;
    return { kind: 'layer', clip: own, quads: isEmpty(own) ? [] : quads(pass.layer, own) };
  }
  const { gain, isSigned } = pass;
  const [first, second] = pass.layers;
  return { kind: 'difference', clip, quads: [quads(first, clip), quads(second, clip)], gain, isSigned };
}

/** Where a part of the photo lies on the canvas, whole device pixels, as tiles at rest are drawn. */
function partOnScreen(part: Rect<'source'>, { camera, rect: pane }: PaneView): Rect<'screen'> {
  const corner = toScreen(camera, pane, { x: 0, y: 0 });
  const left = Math.round(corner.x + pane.x);
  const top = Math.round(corner.y + pane.y);
  const x = left + Math.round(part.x * camera.zoom);
  const y = top + Math.round(part.y * camera.zoom);
  const right = left + Math.round((part.x + part.width) * camera.zoom);
  const bottom = top + Math.round((part.y + part.height) * camera.zoom);
  return { x, y, width: right - x, height: bottom - y };
}

/** Tiles more than twice as fine as the screen would flicker when reduced without a filter. */
const FINEST = 2.01;

/**
 * What stands in for a layer loses by its distance from the zoom in octaves. Being of the wanted method is
 * worth one: a little coarser it is still better than another method at exactly the zoom, magnified more than
 * twofold it is not. Turned otherwise it is worth a little less. A map, where one is wanted, is worth two more
 * than any enlargement. By this alone the choice does not change while nothing comes.
 */
function worth(layer: Layer, wanted: Layer, zoom: number): number {
  const [is, should] = [layer.enlargement, wanted.enlargement];
  const isSameMaker = makerKey(is) === makerKey(should);
  if (isSameMaker && layer.shows === wanted.shows && is.scale === should.scale) return Infinity;
  const kinship = isSameMaker ? 1 : is.method.id === should.method.id ? 0.75 : 0;
  const map = layer.shows === 'invented' ? 2 : 0;
  return kinship + map - Math.abs(Math.log2(is.scale / zoom));
}

function isUsable(
  { enlargement, shows }: Layer,
  { layer: wanted, hasFailed }: WantedLayer,
  zoom: number,
): boolean {
  if (enlargement.photo !== wanted.enlargement.photo || enlargement.scale > zoom * FINEST) return false;
  if (shows === 'invented' && wanted.shows !== 'invented') return false;
  if (!hasFailed) return true;
  const maker = makerKey(enlargement);
  return maker === makerKey(wanted.enlargement) || maker === makerKey(STAND_IN);
}

function shadingOf(layer: Layer, wanted: Layer): Shading {
  if (layer.shows === 'invented') return 'map';
  return wanted.shows === 'invented' ? 'grey' : 'plain';
}

/**
 * What to draw for a layer in a part of its pane, first to last: the poorest stand-in below, the wanted tiles on top,
 * and of both what is seen.
 */
export function planLayer<Picture>(
  layers: readonly ShownLayer<Picture>[],
  wanted: WantedLayer,
  view: PaneView,
  part: Rect<'screen'>,
): Quad<Picture>[] {
  const { zoom } = view.camera;
  const bestFirst = layers
    .filter(({ layer }) => isUsable(layer, wanted, zoom))
    .map((shown) => ({ shown, worth: worth(shown.layer, wanted.layer, zoom) }))
    .sort((a, b) => a.worth - b.worth)
    .reverse();
  function* topFirst(): Iterable<Quad<Picture>> {
    for (const { shown } of bestFirst) yield* quadsOf(shown, wanted, view, part).reverse();
  }
  return seenIn(topFirst(), part);
}

/** All tiles of a layer that reach into a part of the pane. */
function quadsOf<Picture>(
  shown: ShownLayer<Picture>,
  wanted: WantedLayer,
  view: PaneView,
  part: Rect<'screen'>,
): Quad<Picture>[] {
  const { camera, rect: pane } = view;
  const { photo } = wanted;
  const { scale } = shown.layer.enlargement;
  const corner = toScreen(camera, pane, { x: 0, y: 0 });
  const at = { x: corner.x + pane.x, y: corner.y + pane.y };
  const origin = view.steady ? { x: Math.round(at.x), y: Math.round(at.y) } : at;
  const exact = scale === camera.zoom && view.steady;
  // The last tile of a layer ends with the photo itself: its size was rounded to whole output pixels.
  const whole = outputSize(photo, scale);
  const edge = (start: number, place: number, end: number, length: number): number =>
    start + (exact ? place : place === end ? length * camera.zoom : (place / scale) * camera.zoom);
  const shading = shadingOf(shown.layer, wanted.layer);
  const within = edgesOf(part);
  const quads: Quad<Picture>[] = [];
  for (const tile of shown.tiles) {
    const { rect } = tile;
    const left = edge(origin.x, rect.x, whole.width, photo.width);
    const right = edge(origin.x, rect.x + rect.width, whole.width, photo.width);
    const top = edge(origin.y, rect.y, whole.height, photo.height);
    const bottom = edge(origin.y, rect.y + rect.height, whole.height, photo.height);
    if (!overlap({ left, top, right, bottom }, within)) continue;
    const age = view.now - tile.arrived;
    const opacity = view.fadeMilliseconds > 0 ? Math.min(1, Math.max(0, age / view.fadeMilliseconds)) : 1;
    const { layer } = shown;
    quads.push({ layer, tile, left, top, right, bottom, exact, shading, opacity });
  }
  return quads;
}
