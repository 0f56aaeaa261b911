import type { MethodOptions, PhotoInfo, Shows, TileEvent, TileRect } from '../../shared/contract';
import type { Fault, FaultCode } from '../../shared/faults';
import { outputSize, type Rect, type Size } from '../../shared/geometry';
import type { EngineClient } from '../engine/engineClient';
import type { Camera, Point } from './camera';
import { planDrawing, type Quad } from './drawPlan';
import type { Drawer, TilePicture } from './drawer';
import { inventedStrength, type MeasuredTile } from './inventedStrength';
import { premultiply } from './premultiply';
import { STAND_IN } from './standIn';
import { layerKey, makerKey, TileCache, type LayerSettings } from './tileCache';
import { TileFeed, type FeedListener } from './tileFeed';
import { tileSide, tilesOf, wantedTiles } from './tileGrid';

/** What the user wants to look at. */
export interface Sight {
  readonly photo: PhotoInfo;
  readonly method: string;
  readonly options: MethodOptions;
  /** Above scale 1; below it is the photo itself. */
  readonly shows: Shows;
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
  /** How strong the invented part of what is on screen is (`inventedStrength`); null: not known, or not shown. */
  invented(strength: number | null): void;
  failed(fault: Fault): void;
}

const CACHE_BYTES = 256 * 2 ** 20;
/** Long side of the overview that stands in everywhere, output pixels. */
const OVERVIEW_PIXELS = 1536;

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
  private seen: Rect<'output'> | null = null;
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
      tile: (layer, arrived) => this.take(layer, arrived),
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
    const projected = sight.options.consistent || sight.shows === 'invented';
    const wanted = wantedTiles(camera, viewport, photo, cursor, projected);
    const layer = layerOf(sight, wanted.scale);
    this.wanted = layer;
    this.visible = wanted.visible;
    this.seen = wanted.seen;
    if (layerKey(layer) !== this.failedLayer) {
      const missing = [...wanted.visible, ...wanted.around].filter((tile) => !this.cache.has(layer, tile));
      const draftLayer = { ...layer, ...STAND_IN };
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
    const layer = { ...STAND_IN, photo: photo.photo, scale };
    const whole = outputSize(photo, scale);
    const tiles = tilesOf({ x: 0, y: 0, ...whole }, tileSide(0), whole);
    this.overview.want(
      layer,
      tiles.filter((tile) => !this.cache.has(layer, tile)),
    );
  }

  private take(layer: LayerSettings, { tile: rect, pixels, squares }: TileEvent): void {
    const hasAlpha = this.sight?.photo.alpha ?? false;
    const picture = this.drawer.upload(rect, hasAlpha ? premultiply(pixels) : pixels);
    if (!picture) return;
    const bytes = rect.width * rect.height * 4;
    this.cache.put(layer, { rect, picture, bytes, arrived: this.now(), squares });
    this.tellProgress();
    this.listener.changed();
  }

  private fail(layer: LayerSettings, fault: Fault): void {
    if (PASSING.has(fault.code)) return;
    if (this.wanted && layerKey(layer) === layerKey(this.wanted)) {
      this.failedLayer = layerKey(layer);
      // Tiles of another method, or of this one turned otherwise, would stand there under its name.
      const kept = [makerKey(layer), makerKey(STAND_IN)];
      this.cache.forget((held) => !kept.includes(makerKey(held)));
    }
    this.listener.failed(fault);
    this.listener.changed();
  }

  private tellProgress(): void {
    const layer = this.wanted;
    if (!layer) return;
    const done = this.visible.filter((tile) => this.cache.has(layer, tile)).length;
    this.listener.progress(done, this.visible.length);
    this.listener.invented(layer.shows === 'invented' ? this.strength(layer) : null);
  }

  /** Once all that is on screen has come: a mean of some tiles would jump with each that follows. */
  private strength(layer: LayerSettings): number | null {
    const tiles: MeasuredTile[] = [];
    for (const rect of this.visible) {
      const squares = this.cache.find(layer, rect)?.squares;
      if (squares === undefined) return null;
      tiles.push({ rect, squares });
    }
    return this.seen && inventedStrength(tiles, this.seen);
  }
}

/** Faults of something that is over or being mended: told elsewhere, or not worth a word. */
const PASSING: ReadonlySet<FaultCode> = new Set(['engine-lost', 'stopped', 'unknown-photo']);

/**
 * Below scale 1 every method shows the photo itself, reduced: one layer for all of them. At scale 1 there is
 * nothing invented to be shown either.
 */
function layerOf({ photo: { photo }, method, options, shows }: Sight, scale: number): LayerSettings {
  if (scale < 1) return { ...STAND_IN, photo, scale };
  return { photo, method, options, shows: scale > 1 ? shows : 'enlargement', scale };
}
