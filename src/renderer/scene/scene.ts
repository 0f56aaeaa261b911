import { layerKey, type Layer, type PhotoInfo, type TileEvent, type TileRect } from '../../shared/contract';
import type { Fault, FaultCode } from '../../shared/faults';
import type { Rect, Size } from '../../shared/geometry';
import { camerasIn, cursors, type CameraLink } from './cameras';
import type { Camera } from './camera';
import type { ScreenPoint } from './coordinates';
import { planPass, quadsIn, type Draw, type WantedLayer } from './drawPlan';
import type { Drawer, TilePicture } from './drawer';
import type { Feed, FeedSource } from './feed';
import { inventedStrength, type MeasuredTile } from './inventedStrength';
import { layerAt, standInLayer, type LayerRequest } from './layers';
import { arrange, type Layout } from './panes/layout';
import type { Pane, Pass } from './panes/pane';
import { premultiply } from './premultiply';
import { shownMaker, type ShownMaker } from './shownMaker';
import { overviewTiles, tilesInView, tilesWithin, type TilesInView } from './tileGrid';
import { TileStore } from './tileStore';
import { byUrgency, distanceTo, type Candidate, type Focus, type Reason } from './urgency';

/**
 * What the canvas shows: what is compared, how it is laid out, and whether its panes move together. A layer that
 * no pane draws is kept ready, so that it is there when it is flipped to.
 */
export interface SceneContent {
  readonly layers: readonly LayerRequest[];
  readonly layout: Layout;
  readonly link: CameraLink;
}

/** What of the scene the canvas shows. */
export interface SceneView {
  /** Device pixels. */
  readonly canvas: Size;
  /** One a pane. */
  readonly cameras: readonly Camera[];
  /** On the canvas, where the cursor is over it. */
  readonly cursor: ScreenPoint | null;
  /** The cameras rest or pan: worth asking for tiles. While they zoom, nothing new is asked. */
  readonly settled: boolean;
}

/** What is true of one layer now. */
export interface LayerFacts {
  readonly done: number;
  readonly total: number;
  readonly hasFailed: boolean;
}

/** What is true of the scene now. */
export interface SceneFacts {
  /** Tiles on screen that are final, of how many. */
  readonly done: number;
  readonly total: number;
  /** How strong the invented part of what is on screen is (`inventedStrength`); null: not known, or not shown. */
  readonly invented: number | null;
  /** The same of each layer of the content, by its place. */
  readonly layers: readonly LayerFacts[];
  /** Why what is wanted cannot be shown; lasts until it can, or something else is wanted. */
  readonly fault: Fault | null;
}

/** What the scene needs of the drawer: a place for pictures. */
export type PictureStore = Pick<Drawer, 'upload' | 'free'>;

export interface SceneListener {
  /** Something new can be drawn. */
  changed(): void;
  told(facts: SceneFacts): void;
}

/** What is on the canvas in one frame. */
export interface Frame {
  readonly draws: readonly Draw<TilePicture>[];
  readonly shown: ShownMaker | null;
  /** What made most of what stands where each layer is drawn, by its place; null where nothing of a photo is. */
  readonly makers: readonly (ShownMaker | null)[];
}

/** A layer as a pane wants it at its zoom. */
interface PaneLayer {
  /** Its place in the content. */
  readonly place: number;
  /** No pane draws it now. */
  readonly isHidden: boolean;
  readonly layer: Layer;
  readonly key: string;
  readonly tiles: TilesInView;
}

const LIMIT_BYTES = 256 * 2 ** 20;

/**
 * What is looked at and what there is to show of it: asks the engine, through the page's feed, for what every
 * pane needs, and holds what came. What is wanted and what is shown are two things; the drawing plan decides
 * between them.
 */
export class Scene {
  private readonly store: TileStore<TilePicture>;
  private readonly source: FeedSource;
  private content: SceneContent | null = null;
  private photos = new Map<string, PhotoInfo>();
  private panes: readonly Pane[] = [];
  /** What the panes wanted when the cameras last rested; a layer that is shown in several panes, once a pane. */
  private wanted: readonly PaneLayer[] = [];

  constructor(
    feed: Feed,
    private readonly pictures: PictureStore,
    private readonly now: () => number,
    private readonly listener: SceneListener,
  ) {
    this.store = new TileStore(LIMIT_BYTES, (picture) => pictures.free(picture));
    this.source = feed.source({
      tile: (layer, arrived) => this.take(layer, arrived),
      failed: (_layer, key, fault) => this.fail(key, fault),
      restarted: () => {
        this.store.restart();
        this.listener.changed();
      },
    });
  }

  /** Bytes of pictures that are kept. */
  set limitBytes(bytes: number) {
    this.store.limitBytes = bytes;
    this.listener.changed();
  }

  /** Chooses what is shown; null: nothing is open. What failed may be tried again. */
  show(content: SceneContent | null): void {
    const isLaidOutOnly = content !== null && content.layers === this.content?.layers;
    this.content = content;
    if (isLaidOutOnly) return;
    this.photos = new Map(content?.layers.map(({ photo }) => [photo.photo, photo]));
    this.wanted = this.wanted.filter(({ layer }) => content?.layers.some((one) => isOf(layer, one)));
    this.store.retry();
    if (content) return;
    this.store.want([]);
    this.source.want([]);
  }

  panesOn(canvas: Size, cursor: ScreenPoint | null = null): readonly Pane[] {
    const { content } = this;
    this.panes = content ? arrange(content.layout, canvas, content.layers.length, cursor) : [];
    return this.panes;
  }

  /** Asks for what this view needs and is not there yet. */
  request({ canvas, cameras, cursor, settled }: SceneView): void {
    const { content } = this;
    if (!content || !settled) return;
    const panes = this.panesOn(canvas, cursor);
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
        candidates.push(...this.candidatesOf(request, one, focus));
      }
    }
    const drawn = new Set(wanted.map(({ place }) => place));
    const [first] = panes;
    for (const [place, request] of content.layers.entries()) {
      if (drawn.has(place) || !first) continue;
      const focus: Focus = { camera: own[0]!, viewport: first.rect, cursor: at[0] ?? null };
      const one = { ...wantedOf(request, focus, place), isHidden: true };
      wanted.push(one);
      candidates.push(...readyOf(one, focus));
    }
    this.wanted = wanted;
    this.store.want(byUrgency(candidates));
    const missing = this.store.missing();
    this.source.want(missing);
    this.store.asked(missing);
    this.tell();
  }

  /** What to draw now; keeps it, and lets go of the least of what is not on screen. */
  frame({ canvas, cameras, cursor, settled }: SceneView, fadeMilliseconds: number): Frame {
    const { content } = this;
    if (!content) return { draws: [], shown: null, makers: [] };
    const panes = this.panesOn(canvas, cursor);
    const own = camerasIn(panes, cameras, cursor);
    const makers = content.layers.map((): ShownMaker | null => null);
    const layers = [...this.store.layers()];
    const draws = panes.flatMap(({ rect, passes }, index) => {
      const camera = own[index]!;
      const view = { rect, camera, steady: settled, now: this.now(), fadeMilliseconds };
      const wanted = content.layers.map((request) => this.wantedLayer(request, camera));
      return passes.map((pass) => {
        const draw = planPass(pass, wanted, layers, view);
        const drawn = draw.kind === 'layer' ? [draw.quads] : draw.quads;
        for (const [at, place] of (pass.kind === 'layer' ? [pass.layer] : pass.layers).entries()) {
          makers[place] ??= shownMaker(drawn[at] ?? [], pass.clip);
        }
        return draw;
      });
    });
    this.store.trim(new Set(draws.flatMap((draw) => quadsIn(draw).map(({ tile }) => tile))));
    return { draws, shown: shownOn(draws), makers };
  }

  /** Lets go of everything of a photo that was closed. */
  forgetPhoto(photo: string): void {
    this.store.forget(({ enlargement }) => enlargement.photo === photo);
  }

  /** Tries once more what failed. */
  retry(): void {
    this.store.retry();
    this.listener.changed();
  }

  /** The graphics device came back: all pictures are gone and have to come anew. */
  dropPictures(): void {
    this.store.forget(() => true);
    this.listener.changed();
  }

  close(): void {
    this.source.close();
    this.store.forget(() => true);
  }

  /** What was wanted when the camera rested is wanted until it rests again: zooming changes only the drawing. */
  private wantedLayer(request: LayerRequest, camera: Camera): WantedLayer {
    const { photo } = request;
    const { scale } = tilesInView(camera, { width: 1, height: 1 }, photo);
    const resting = this.wanted.find(({ layer }) => isOf(layer, request));
    const layer = resting?.layer ?? layerAt(request, scale);
    return { layer, photo, hasFailed: this.store.faultOf(layerKey(layer)) !== null };
  }

  private candidatesOf(request: LayerRequest, { layer, key, tiles }: PaneLayer, focus: Focus): Candidate[] {
    const { photo } = request;
    const candidates: Candidate[] = [];
    const add = (of: Layer, ofKey: string, reason: Reason, from: readonly TileRect[]): void => {
      const { scale } = of.enlargement;
      for (const tile of from) {
        candidates.push({ layer: of, key: ofKey, tile, reason, distance: distanceTo(tile, scale, focus) });
      }
    };
    const isSlow = request.isSlow && tiles.scale > 1;
    if (isSlow) {
      const standIn = standInLayer(photo.photo, tiles.scale);
      const lacking = tiles.visible.filter((tile) => !this.store.here(key, tile));
      add(standIn, layerKey(standIn), 'quick', lacking);
    }
    const overview = overviewTiles(photo);
    const whole = standInLayer(photo.photo, overview.scale);
    add(whole, layerKey(whole), 'overview', overview.tiles);
    add(layer, key, isSlow ? 'slow' : 'quick', tiles.visible);
    add(layer, key, 'around', tiles.around);
    return candidates;
  }

  private take(layer: Layer, { layer: key, tile: rect, pixels, squares }: TileEvent): void {
    if (!this.store.accepts(key)) return;
    const hasAlpha = this.photos.get(layer.enlargement.photo)?.alpha ?? false;
    const picture = this.pictures.upload(rect, hasAlpha ? premultiply(pixels) : pixels);
    if (!picture) return;
    const bytes = rect.width * rect.height * 4;
    this.store.put(layer, { rect, picture, bytes, arrived: this.now(), squares });
    this.tell();
    this.listener.changed();
  }

  private fail(key: string, fault: Fault): void {
    this.store.fail(key, fault);
    this.tell();
    this.listener.changed();
  }

  private tell(): void {
    let done = 0;
    let total = 0;
    let fault: Fault | null = null;
    const layers = (this.content?.layers ?? []).map(() => ({ done: 0, total: 0, hasFailed: false }));
    for (const { key, tiles, place, isHidden } of this.wanted) {
      const here = tiles.visible.filter((tile) => this.store.here(key, tile)).length;
      const own = this.store.faultOf(key);
      const facts = layers[place];
      if (facts) {
        facts.total += tiles.visible.length;
        facts.done += here;
        facts.hasFailed ||= own !== null;
      }
      if (isHidden) continue;
      total += tiles.visible.length;
      done += here;
      if (own && !PASSING.has(own.code)) fault ??= own;
    }
    this.listener.told({ done, total, layers, invented: this.strength(), fault });
  }

  /** Once all that is on screen has come: a mean of some tiles would jump with each that follows. */
  private strength(): number | null {
    const [first, second] = this.wanted.filter(({ isHidden }) => !isHidden);
    if (!first || second || first.layer.shows !== 'invented') return null;
    const tiles: MeasuredTile[] = [];
    for (const rect of first.tiles.visible) {
      const squares = this.store.here(first.key, rect)?.squares;
      if (squares === undefined) return null;
      tiles.push({ rect, squares });
    }
    return first.tiles.area && inventedStrength(tiles, first.tiles.area);
  }
}

/** Faults of something that is over or being mended: told elsewhere, or not worth a word. */
const PASSING: ReadonlySet<FaultCode> = new Set(['engine-lost', 'stopped', 'unknown-photo']);

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
  return { place, isHidden: false, layer, key: layerKey(layer), tiles };
}

/** Whether a layer is what a request had become at some zoom. */
const isOf = (layer: Layer, request: LayerRequest): boolean =>
  layerKey(layer) === layerKey(layerAt(request, layer.enlargement.scale));

/** What made most of the first pane's pixels. */
function shownOn(draws: readonly Draw<TilePicture>[]): ShownMaker | null {
  const [first] = draws;
  if (!first) return null;
  const part: Rect<'screen'> = first.clip;
  return shownMaker(quadsIn(first), part);
}
