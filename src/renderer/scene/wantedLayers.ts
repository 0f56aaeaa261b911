import { layerKey, type Layer, type TileRect } from '../../shared/contract';
import type { Rect } from '../../shared/geometry';
import type { Camera } from './camera';
import { camerasIn, cursors, type CameraLink } from './cameras';
import type { ScreenPoint } from './coordinates';
import { layerAt, standInLayer, type LayerRequest } from './layers';
import type { Pane, Pass } from './panes/pane';
import { overviewTiles, tilesInView, tilesWithin, type TilesInView } from './tileGrid';
import { distanceTo, type Candidate, type Focus, type Reason } from './urgency';

/** A layer as a pane wants it at its zoom. */
export interface PaneLayer {
  /** Its place in the content. */
  readonly place: number;
  /** No pane draws it now. */
  readonly isHidden: boolean;
  /** Its tiles take their time at this zoom. */
  readonly isSlow: boolean;
  readonly layer: Layer;
  readonly key: string;
  readonly tiles: TilesInView;
}

/** Whether a tile of the layer of that key has come. */
type IsHere = (key: string, tile: TileRect) => boolean;

/** The layers that passes draw, each with the part of the photo that it is drawn in; null: all of it. */
const placesIn = (passes: readonly Pass[]): ReadonlyMap<number, Rect<'source'> | null> =>
  new Map(
    passes.flatMap((pass) =>
      pass.kind === 'layer'
        ? [[pass.layer, pass.within ?? null] as const]
        : pass.layers.map((place) => [place, null] as const),
    ),
  );

/** Tiles of a layer that is not drawn now, without a stand-in: nobody sees it. */
const readyOf = ({ layer, key, tiles }: PaneLayer, focus: Focus): Candidate[] =>
  tiles.visible.map((tile) => {
    const distance = distanceTo(tile, layer.enlargement.scale, focus);
    return { layer, key, tile, reason: 'ready', distance };
  });

function wantedOf(request: LayerRequest, { camera, viewport }: Focus, place: number): PaneLayer {
  const { options, shows, photo } = request;
  const tiles = tilesInView(camera, viewport, photo, options.consistent || shows === 'invented');
  const layer = layerAt(request, tiles.scale);
  const isSlow = request.isSlow && tiles.scale > 1;
  return { place, isHidden: false, isSlow, layer, key: layerKey(layer), tiles };
}

function candidatesOf(
  request: LayerRequest,
  { layer, key, tiles, isSlow }: PaneLayer,
  focus: Focus,
  { isHere, isStopped }: Pick<Look, 'isHere' | 'isStopped'>,
): Candidate[] {
  const { photo } = request;
  const candidates: Candidate[] = [];
  const add = (of: Layer, ofKey: string, reason: Reason, from: readonly TileRect[]): void => {
    const { scale } = of.enlargement;
    for (const tile of from) {
      candidates.push({ layer: of, key: ofKey, tile, reason, distance: distanceTo(tile, scale, focus) });
    }
  };
  if (isSlow) {
    const standIn = standInLayer(photo.photo, tiles.scale);
    const lacking = tiles.visible.filter((tile) => !isHere(key, tile));
    add(standIn, layerKey(standIn), 'quick', lacking);
  }
  const overview = overviewTiles(photo);
  const whole = standInLayer(photo.photo, overview.scale);
  add(whole, layerKey(whole), 'overview', overview.tiles);
  if (isSlow && isStopped) return candidates;
  add(layer, key, isSlow ? 'slow' : 'quick', tiles.visible);
  add(layer, key, 'around', tiles.around);
  return candidates;
}

export interface Wanted {
  /** A layer that is shown in several panes stands here once a pane. */
  readonly wanted: readonly PaneLayer[];
  readonly candidates: readonly Candidate[];
}

/** How the panes look at the content. */
export interface Look {
  readonly cameras: readonly Camera[];
  readonly cursor: ScreenPoint | null;
  readonly isHere: IsHere;
  /** Nothing is asked for that takes its time: what is quick stands in. */
  readonly isStopped: boolean;
}

/** Which layers the panes show with these cameras, at their zoom, and the tiles of them that there is use for. */
export function wantedBy(
  content: { readonly layers: readonly LayerRequest[]; readonly link: CameraLink },
  panes: readonly Pane[],
  look: Look,
): Wanted {
  const { cameras, cursor } = look;
  const own = camerasIn(panes, cameras, cursor);
  const at = cursors(panes, cursor, content.link);
  const wanted: PaneLayer[] = [];
  const candidates: Candidate[] = [];
  for (const [index, { rect, passes }] of panes.entries()) {
    const focus: Focus = { camera: own[index]!, viewport: rect, cursor: at[index] ?? null };
    for (const [place, within] of placesIn(passes)) {
      const request = content.layers[place];
      if (!request) continue;
      const whole = wantedOf(request, focus, place);
      const one = within ? { ...whole, tiles: tilesWithin(whole.tiles, within, request.photo) } : whole;
      wanted.push(one);
      candidates.push(...candidatesOf(request, one, focus, look));
    }
  }
  const drawn = new Set(wanted.map(({ place }) => place));
  const [first] = panes;
  for (const [place, request] of content.layers.entries()) {
    if (drawn.has(place) || !first) continue;
    const focus: Focus = { camera: own[0]!, viewport: first.rect, cursor: at[0] ?? null };
    const one = { ...wantedOf(request, focus, place), isHidden: true };
    wanted.push(one);
    if (!one.isSlow || !look.isStopped) candidates.push(...readyOf(one, focus));
  }
  return { wanted, candidates };
}

/** Whether a layer is what a request had become at some zoom. */
export const isOf = ({ layer, key }: Pick<PaneLayer, 'layer' | 'key'>, request: LayerRequest): boolean =>
  key === layerKey(layerAt(request, layer.enlargement.scale));
