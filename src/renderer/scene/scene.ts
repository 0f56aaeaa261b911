import type { Layer, PhotoInfo, TileEvent, TileRect } from '../../shared/contract';
import type { Fault } from '../../shared/faults';
import type { Rect, Size } from '../../shared/geometry';
import { camerasIn, type CameraLink } from './cameras';
import type { Camera } from './camera';
import type { ScreenPoint } from './coordinates';
import { planPass, quadsIn, type Draw, type WantedLayer } from './drawPlan';
import type { Drawing } from './drawing/drawing';
import type { TilePicture } from './drawing/painting';
import type { Feed, FeedSource } from './feed';
import { layerAt, type LayerRequest } from './layers';
import { arrange, type Layout } from './panes/layout';
import type { Pane } from './panes/pane';
import { factsOf, type SceneFacts } from './sceneFacts';
import { shownMaker, type ShownMaker } from './shownMaker';
import { scaleAtZoom } from './tileGrid';
import { TileStore } from './tileStore';
import { TileWork } from './tileWork';
import { byUrgency } from './urgency';
import { isOf, wantedBy, type PaneLayer } from './wantedLayers';

/**
 * What the canvas shows: what is compared, how it is laid out, and whether its panes move together. A layer that
 * no pane draws is kept ready, so that it is there when it is flipped to.
 */
export interface SceneContent {
  readonly layers: readonly LayerRequest[];
  readonly layout: Layout;
  readonly link: CameraLink;
  /** Nothing that takes its time is made until this is false again. */
  readonly isStopped: boolean;
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

/** What the scene needs of the drawing: a place for pictures. */
export type PictureStore = Pick<Drawing, 'upload' | 'free'>;

export interface SceneListener {
  /** Something new can be drawn. */
  changed(): void;
}

/** What is on the canvas in one frame. */
export interface Frame {
  readonly draws: readonly Draw<TilePicture>[];
  readonly shown: ShownMaker | null;
  /** What made most of what stands where each layer is drawn, by its place; null where nothing of a photo is. */
  readonly makers: readonly (ShownMaker | null)[];
}

/**
 * What is looked at and what there is to show of it: asks the engine, through the page's feed, for what every
 * pane needs, and holds what came. What is wanted and what is shown are two things; the drawing plan decides
 * between them.
 */
export class Scene {
  private readonly store: TileStore<TilePicture>;
  private readonly source: FeedSource;
  private readonly work = new TileWork();
  private content: SceneContent | null = null;
  private photos = new Map<string, PhotoInfo>();
  private panes: readonly Pane[] = [];
  /** What the panes wanted when the cameras last rested; a layer that is shown in several panes, once a pane. */
  private wanted: readonly PaneLayer[] = [];
  private isUntold = false;
  /** What was looked at when tiles were asked for last, and how. */
  private asked: readonly unknown[] = [];

  constructor(
    feed: Feed,
    private readonly pictures: PictureStore,
    private readonly now: () => number,
    private readonly listener: SceneListener,
    limitBytes: number,
  ) {
    this.store = new TileStore(limitBytes, (picture) => pictures.free(picture));
    this.source = feed.source({
      tile: (layer, arrived) => this.take(layer, arrived),
      making: (layer, key, tile, share) => {
        this.work.making(layer, key, tile, share, this.now());
        this.hasNews();
      },
      failed: (layer, fault) => this.fail(layer, fault),
      restarted: () => {
        this.store.restart();
        this.work.restart();
        this.hasNews();
      },
    });
  }

  /** Bytes of pictures that are kept. */
  set limitBytes(bytes: number) {
    this.store.limitBytes = bytes;
    this.hasNews();
  }

  /** Chooses what is shown; null: nothing is open. What failed may be tried again. */
  show(content: SceneContent | null): void {
    const isLaidOutOnly = content !== null && content.layers === this.content?.layers;
    this.content = content;
    if (isLaidOutOnly) return;
    this.photos = new Map(content?.layers.map(({ photo }) => [photo.photo, photo]));
    this.wanted = this.wanted.filter((wanted) => content?.layers.some((one) => isOf(wanted, one)));
    this.store.retry();
    if (content) return;
    this.store.want([]);
    this.source.want([]);
    this.work.restart();
  }

  panesOn(canvas: Size, cursor: ScreenPoint | null = null): readonly Pane[] {
    const { content } = this;
    this.panes = content ? arrange(content.layout, canvas, content.layers.length, cursor) : [];
    return this.panes;
  }

  /** Asks for what this view needs and is not there yet; where all is as it was, that was asked for already. */
  request({ canvas, cameras, cursor, settled }: SceneView): void {
    const { content } = this;
    if (!content || !settled) return;
    const look = [content, canvas, cameras, cursor];
    if (!this.isUntold && look.every((one, at) => one === this.asked[at])) return;
    this.asked = look;
    const panes = this.panesOn(canvas, cursor);
    const { isStopped } = content;
    const isHere = (key: string, tile: TileRect): boolean => this.store.here(key, tile) !== null;
    const { wanted, candidates } = wantedBy(content, panes, { cameras, cursor, isHere, isStopped });
    this.wanted = wanted;
    this.store.want(byUrgency(candidates));
    const missing = this.store.missing();
    this.source.want(missing);
    this.store.asked(missing);
    this.work.keep(missing);
    this.isUntold = true;
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
      const wanted = (place: number): WantedLayer | undefined => {
        const request = content.layers[place];
        return request && this.wantedLayer(request, camera);
      };
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
    this.hasNews();
  }

  /** The graphics device came back: all pictures are gone and have to come anew. */
  dropPictures(): void {
    this.store.forget(() => true);
    this.hasNews();
  }

  close(): void {
    this.source.close();
    this.store.forget(() => true);
  }

  /** What was wanted when the camera rested is wanted until it rests again: zooming changes only the drawing. */
  private wantedLayer(request: LayerRequest, camera: Camera): WantedLayer {
    const { photo } = request;
    const resting = this.wanted.find((one) => isOf(one, request));
    const layer = resting?.layer ?? layerAt(request, scaleAtZoom(camera.zoom));
    return { layer, photo, hasFailed: this.store.faultOf(layer) !== null };
  }

  private take(layer: Layer, { layer: key, tile: rect, pixels, squares }: TileEvent): void {
    this.work.came(key, rect, this.now());
    if (!this.store.accepts(key)) return;
    const hasAlpha = this.photos.get(layer.enlargement.photo)?.alpha ?? false;
    const picture = this.pictures.upload(rect, pixels, hasAlpha);
    const bytes = rect.width * rect.height * 4;
    this.store.put(layer, { rect, picture, bytes, arrived: this.now(), squares });
    this.hasNews();
  }

  /** Something is true now that was not: a frame tells it, once for all that came before it. */
  private hasNews(): void {
    this.isUntold = true;
    this.listener.changed();
  }

  /** What is true now; null: the same as when this was asked last. */
  news(): SceneFacts | null {
    if (!this.isUntold) return null;
    this.isUntold = false;
    return factsOf(this.wanted, this.content?.layers.length ?? 0, this.store, this.work);
  }

  private fail(layer: Layer, fault: Fault): void {
    this.store.fail(layer, fault);
    this.work.keep(this.store.missing());
    this.hasNews();
  }
}

/** What made most of the first pane's pixels. */
function shownOn(draws: readonly Draw<TilePicture>[]): ShownMaker | null {
  const [first] = draws;
  if (!first) return null;
  const part: Rect<'screen'> = first.clip;
  return shownMaker(quadsIn(first), part);
}
