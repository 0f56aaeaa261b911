import {
  LAYERS_MAX,
  layerKey,
  TILES_MAX,
  type DisplaySpace,
  type EngineEvent,
  type Layer,
  type TileEvent,
  type TileRect,
} from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import type { EngineClient } from '../engine/engineClient';
import { placeOf } from './tileGrid';
import type { OrderedTile } from './urgency';

/** How many tiles the engine may be ahead of the drawing. */
const CREDIT = 12;

export type AskedTile = Pick<OrderedTile, 'layer' | 'key' | 'tile' | 'tier'>;

export interface FeedListener {
  /** A tile of a layer that is wanted; of a place that may have been left meanwhile. Its pixels are the listener's own. */
  tile(layer: Layer, arrived: TileEvent): void;
  /** A tile of a layer that is wanted is being made, and so much of it is done, 0 to 1. */
  making?(layer: Layer, key: string, tile: TileRect, share: number): void;
  /** A layer that is wanted cannot be made. Told once for each time that it is asked for. */
  failed(layer: Layer, fault: Fault): void;
  /** Whoever was asked is gone: what was coming is not coming any more. Asks anew for all that it wants. */
  restarted(): void;
}

/** What one part of the page wants. */
export interface FeedSource {
  /** Wants these tiles, most urgent first, and nothing else any more. */
  want(tiles: readonly AskedTile[]): void;
  close(): void;
}

interface Source {
  readonly listener: FeedListener;
  /** What has neither come nor failed. */
  tiles: readonly AskedTile[];
  /** All that was in the latest want. */
  layers: ReadonlyMap<string, Layer>;
}

type FailureEvent = Extract<EngineEvent, { event: 'view:failed' }>;

/**
 * The one feed of a page: what all its parts want, in one order, to the engine; what comes, to the parts that
 * want it. What comes of a layer that nobody wants any more is dropped. Within a tier the part that came
 * first goes first.
 */
export class Feed {
  private readonly sources: Source[] = [];
  private revision = 0;
  /** Asked for and not yet come, most urgent first. */
  private waiting: string[] = [];
  private isGranted = false;
  /** From the connection's end until `restart`: what is asked for meanwhile would be of photos that are not back. */
  private isCutOff = false;
  private currentDisplay: DisplaySpace = 'srgb';

  constructor(private readonly engine: EngineClient) {
    engine.on('view:tile', (event) => this.take(event));
    engine.on('view:making', ({ layer: key, tile, share }) => {
      for (const { layers, listener } of [...this.sources]) {
        const layer = layers.get(key);
        if (layer) listener.making?.(layer, key, tile, share);
      }
    });
    engine.on('view:failed', (event) => this.fail(event));
    engine.on('engine:restored', () => this.restart());
    engine.onState((state) => {
      if (state === 'lost') this.isCutOff = true;
    });
  }

  /** The colour space of all tiles; one that changes asks for everything anew. */
  get display(): DisplaySpace {
    return this.currentDisplay;
  }

  set display(display: DisplaySpace) {
    if (display === this.currentDisplay) return;
    this.currentDisplay = display;
    this.waiting = [];
    this.send();
  }

  source(listener: FeedListener): FeedSource {
    const source: Source = { listener, tiles: [], layers: new Map() };
    this.sources.push(source);
    return {
      want: (tiles) => {
        source.tiles = tiles;
        source.layers = new Map(tiles.map(({ key, layer }) => [key, layer]));
        this.send();
      },
      close: () => {
        const index = this.sources.indexOf(source);
        if (index < 0) return;
        this.sources.splice(index, 1);
        this.send();
      },
    };
  }

  /**
   * Nobody knows any more what was asked for: everything is asked for afresh, with fresh credit. To be called once the
   * page's photos are open again after its connection was lost.
   */
  restart(): void {
    this.isCutOff = false;
    this.waiting = [];
    this.isGranted = false;
    for (const { listener } of [...this.sources]) listener.restarted();
    this.send();
  }

  /** All sources' tiles in one order, as many as one message may hold. */
  private order(): AskedTile[] {
    const all = this.sources.flatMap(({ tiles }) => tiles);
    const now = all.filter(({ tier }) => tier === 'visible');
    return [...now, ...all.filter(({ tier }) => tier !== 'visible')].slice(0, TILES_MAX);
  }

  /** Says what is wanted now, unless that is on its way already. */
  private send(): void {
    if (this.isCutOff) return;
    const order = this.order();
    const keys = order.map(({ key, tile }) => placeOf(key, tile));
    if (this.isWaitingFor(keys)) return;
    const layers = new Map<string, { index: number; layer: Layer }>();
    const tiles = order.flatMap(({ key, layer, tile }) => {
      let known = layers.get(key);
      if (!known && layers.size < LAYERS_MAX) layers.set(key, (known = { index: layers.size, layer }));
      return known ? [{ layer: known.index, ...tile }] : [];
    });
    this.waiting = keys;
    this.revision += 1;
    const { revision } = this;
    this.engine
      .call('view:want', {
        revision,
        display: this.display,
        layers: [...layers.values()].map(({ layer }) => layer),
        tiles,
      })
      .catch((thrown: unknown) => this.refused(revision, [...layers.keys()], faultOf(thrown)));
    if (!this.isGranted) this.grant(CREDIT);
    this.isGranted = true;
  }

  /** The same tiles are on their way and the most urgent one still is: nothing new to say. */
  private isWaitingFor(keys: readonly string[]): boolean {
    if (keys.length !== this.waiting.length || keys[0] !== this.waiting[0]) return false;
    const waiting = new Set(this.waiting);
    return keys.every((key) => waiting.has(key));
  }

  private take(event: TileEvent): void {
    this.grant(1);
    const place = placeOf(event.layer, event.tile);
    this.waiting = this.waiting.filter((one) => one !== place);
    const takers = this.sources.flatMap((source) => {
      const layer = source.layers.get(event.layer);
      return layer ? [{ source, layer }] : [];
    });
    const last = takers.at(-1);
    for (const taker of takers) {
      const { source, layer } = taker;
      source.tiles = source.tiles.filter(({ key, tile }) => placeOf(key, tile) !== place);
      const own = taker === last ? event : { ...event, pixels: event.pixels.slice() };
      source.listener.tile(layer, own);
    }
  }

  private fail({ layer: key, fault }: Pick<FailureEvent, 'layer' | 'fault'>): void {
    this.waiting = this.waiting.filter((one) => !one.startsWith(`${key} `));
    for (const source of [...this.sources]) {
      const layer = source.layers.get(key);
      if (!layer) continue;
      source.tiles = source.tiles.filter((one) => one.key !== key);
      source.listener.failed(layer, fault);
    }
  }

  /** The want as a whole: each of its layers failed. A connection that is gone comes back by `restart`. */
  private refused(revision: number, keys: readonly string[], fault: Fault): void {
    if (revision !== this.revision || fault.code === 'engine-lost') return;
    for (const layer of keys) this.fail({ layer, fault });
  }

  private grant(tiles: number): void {
    // An engine that is gone answers with a fault here too; its end is told once, by the connection.
    void this.engine.call('view:grant', { tiles }).catch(() => undefined);
  }
}

const feeds = new WeakMap<EngineClient, Feed>();

/** The feed of this page's connection: there is one. */
export function feedOf(engine: EngineClient): Feed {
  const known = feeds.get(engine);
  if (known) return known;
  const fresh = new Feed(engine);
  feeds.set(engine, fresh);
  return fresh;
}

/** One tile by itself, such as a thumbnail. */
export const askedTile = (layer: Layer, tile: TileRect): AskedTile => ({
  layer,
  key: layerKey(layer),
  tile,
  tier: 'visible',
});
