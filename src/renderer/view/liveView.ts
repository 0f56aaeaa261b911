import type { PhotoInfo, TileRect } from '../../shared/contract';
import type { Fault, FaultCode } from '../../shared/faults';
import { outputSize, type Size } from '../../shared/geometry';
import type { EngineClient } from '../engine/engineClient';
import type { Camera, Point } from './camera';
import { planDrawing, type Quad } from './drawPlan';
import type { Drawer, TilePicture } from './drawer';
import { premultiply } from './premultiply';
import { layerKey, TileCache, type LayerSettings } from './tileCache';
import { TileFeed, type FeedListener } from './tileFeed';
import { tileSide, tilesOf, wantedTiles } from './tileGrid';

/** What the user wants to look at. */
export interface Sight {
  readonly photo: PhotoInfo;
  readonly method: string;
  readonly ensemble: boolean;
  /** The method takes its time: a quick enlargement stands in until its tiles come. */
  readonly slow: boolean;
}

export interface Look {
  readonly camera: Camera;
  readonly viewport: Size;
  /** Screen position of the cursor, where it is over the view. */
  readonly cursor: Point | null;
  /** The camera rests or pans: worth asking for tiles. While it zooms, nothing new is asked. */
  readonly settled: boolean;
}

/** What the lens needs of the drawer: a place for pictures, and the colours that it shows. */
export type PictureStore = Pick<Drawer, 'upload' | 'free' | 'space'>;

export interface LiveViewListener {
  /** Something new can be drawn. */
  changed(): void;
  /** Of the tiles on screen, how many are final. */
  progress(done: number, total: number): void;
  failed(fault: Fault): void;
}

const CACHE_BYTES = 256 * 2 ** 20;
/** Long side of the overview that stands in everywhere, output pixels. */
const OVERVIEW_PIXELS = 1536;
const STAND_IN_METHOD = 'bicubic';

/**
 * The lens: asks the engine for what is looked at and holds what came. Three feeds: the overview of the whole
 * photo, a quick stand-in for slow methods, and the wanted tiles themselves. What is wanted (`sight`) and what
 * is shown (the cache's layers) are two things; the drawing plan decides between them.
 */
export class LiveView {
  private readonly cache: TileCache<TilePicture>;
  private readonly overview: TileFeed;
  private readonly draft: TileFeed;
  private readonly lens: TileFeed;
  private sight: Sight | null = null;
  private wanted: LayerSettings | null = null;
  private visible: readonly TileRect[] = [];
  private failedLayer = '';

  constructor(
    engine: EngineClient,
    private readonly drawer: PictureStore,
    private readonly now: () => number,
    private readonly listener: LiveViewListener,
  ) {
    this.cache = new TileCache(CACHE_BYTES, (picture) => drawer.free(picture));
    const display = (): Drawer['space'] => drawer.space;
    const takes: FeedListener = {
      tile: (layer, rect, pixels) => this.take(layer, rect, pixels),
      failed: (layer, fault) => this.fail(layer, fault),
    };
    this.overview = new TileFeed(engine, 'overview', display, takes);
    this.draft = new TileFeed(engine, 'draft', display, takes);
    this.lens = new TileFeed(engine, 'lens', display, takes);
  }

  /** Chooses photo and method; null: nothing is open. */
  choose(sight: Sight | null): void {
    if (sight?.photo.photo !== this.sight?.photo.photo) this.visible = [];
    this.sight = sight;
    this.failedLayer = '';
    if (!sight) this.wanted = null;
  }

  /** Asks for what this look needs and is not there yet. */
  look({ camera, viewport, cursor, settled }: Look): void {
    const { sight } = this;
    if (!sight || !settled) return;
    const { photo } = sight;
    this.wantOverview(photo);
    const wanted = wantedTiles(camera, viewport, photo, cursor);
    const layer = layerOf(sight, wanted.scale);
    this.wanted = layer;
    this.visible = wanted.visible;
    if (layerKey(layer) !== this.failedLayer) {
      const missing = [...wanted.visible, ...wanted.around].filter((tile) => !this.cache.has(layer, tile));
      const draftLayer = { ...layer, method: STAND_IN_METHOD, ensemble: false };
      const drafts = wanted.visible.filter(
        (tile) => !this.cache.has(layer, tile) && !this.cache.has(draftLayer, tile),
      );
      if (sight.slow && wanted.scale > 1) this.draft.want(draftLayer, drafts);
      this.lens.want(layer, missing);
    }
    this.tellProgress();
  }

  /** What to draw now; keeps it, and lets go of what was not on screen for longest. */
  plan(look: Look, fadeMilliseconds: number): Quad<TilePicture>[] {
    if (!this.sight || !this.wanted) return [];
    const quads = planDrawing(this.cache.layers(), {
      camera: look.camera,
      viewport: look.viewport,
      photo: this.sight.photo,
      wanted: this.wanted,
      steady: look.settled,
      now: this.now(),
      fadeMilliseconds,
    });
    this.cache.keep(new Set(quads.map((quad) => quad.tile)));
    return quads;
  }

  /** Lets go of everything of a photo that was closed. */
  forgetPhoto(photo: string): void {
    this.cache.forget((layer) => layer.photo === photo);
  }

  /** The engine was started again, or the graphics device came back: all tiles have to come anew. */
  startOver(): void {
    this.cache.forget(() => true);
    for (const feed of [this.overview, this.draft, this.lens]) feed.forget();
    this.failedLayer = '';
    this.listener.changed();
  }

  close(): void {
    for (const feed of [this.overview, this.draft, this.lens]) feed.close();
    this.cache.forget(() => true);
  }

  private wantOverview(photo: PhotoInfo): void {
    const scale = Math.min(1, OVERVIEW_PIXELS / Math.max(photo.width, photo.height));
    const layer = { photo: photo.photo, method: STAND_IN_METHOD, ensemble: false, scale };
    const whole = outputSize(photo, scale);
    const tiles = tilesOf({ x: 0, y: 0, ...whole }, tileSide(0), whole);
    this.overview.want(
      layer,
      tiles.filter((tile) => !this.cache.has(layer, tile)),
    );
  }

  private take(layer: LayerSettings, rect: TileRect, pixels: Uint8Array): void {
    const hasAlpha = this.sight?.photo.alpha ?? false;
    const picture = this.drawer.upload(rect, hasAlpha ? premultiply(pixels) : pixels);
    if (!picture) return;
    this.cache.put(layer, rect, picture, rect.width * rect.height * 4, this.now());
    this.tellProgress();
    this.listener.changed();
  }

  private fail(layer: LayerSettings, fault: Fault): void {
    if (PASSING.has(fault.code)) return;
    if (this.wanted && layerKey(layer) === layerKey(this.wanted)) {
      this.failedLayer = layerKey(layer);
      // Another method's tiles would stand there under this one's name.
      this.cache.forget((held) => held.method !== layer.method && held.method !== STAND_IN_METHOD);
    }
    this.listener.failed(fault);
    this.listener.changed();
  }

  private tellProgress(): void {
    const layer = this.wanted;
    if (!layer) return;
    const done = this.visible.filter((tile) => this.cache.has(layer, tile)).length;
    this.listener.progress(done, this.visible.length);
  }
}

/** Faults of something that is over or being mended: told elsewhere, or not worth a word. */
const PASSING: ReadonlySet<FaultCode> = new Set(['engine-lost', 'stopped', 'unknown-photo']);

/** Below scale 1 every method shows the photo itself, reduced: one layer for all of them. */
const layerOf = (sight: Sight, scale: number): LayerSettings => ({
  photo: sight.photo.photo,
  method: scale < 1 ? STAND_IN_METHOD : sight.method,
  ensemble: scale < 1 ? false : sight.ensemble,
  scale,
});
