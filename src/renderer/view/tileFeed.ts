import type { DisplaySpace, TileEvent, TileRect } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import type { EngineClient } from '../engine/engineClient';
import { layerKey, type LayerSettings } from './tileCache';
import { tileKey } from './tileGrid';

/** How many tiles the engine may be ahead of the drawing. */
const CREDIT = 12;

export interface FeedListener {
  tile(layer: LayerSettings, arrived: TileEvent): void;
  failed(layer: LayerSettings, fault: Fault): void;
}

/**
 * One view of the engine: says what it wants, takes what comes, and drops what comes too late.
 * Wants of the same layer follow one another while the hand pans, so tiles of any of them are good;
 * tiles of an earlier layer are not.
 */
export class TileFeed {
  private revision = 0;
  private layer: LayerSettings | null = null;
  private layerSince = 0;
  /** Asked for and not yet come, most urgent first. */
  private waiting: string[] = [];
  private granted = false;
  private readonly stops: (() => void)[];

  constructor(
    private readonly engine: EngineClient,
    private readonly view: string,
    private readonly display: () => DisplaySpace,
    private readonly listener: FeedListener,
  ) {
    this.stops = [
      engine.on('view:tile', (event) => this.take(event)),
      engine.on('view:failed', (event) => {
        if (event.view !== view || !this.layer || event.revision < this.layerSince) return;
        this.waiting = [];
        listener.failed(this.layer, event.fault);
      }),
    ];
  }

  /** Wants these tiles, most urgent first, and nothing else any more. */
  want(layer: LayerSettings, tiles: readonly TileRect[]): void {
    const keys = tiles.map(tileKey);
    const sameLayer = this.layer !== null && layerKey(layer) === layerKey(this.layer);
    if (sameLayer && this.isWaitingFor(keys)) return;
    this.revision += 1;
    if (!sameLayer) this.layerSince = this.revision;
    this.layer = layer;
    this.waiting = keys;
    this.send(layer, tiles);
    if (!this.granted) this.grant(CREDIT);
    this.granted = true;
  }

  /** The engine forgot this view (it was started again): the next want starts afresh. */
  forget(): void {
    this.waiting = [];
    this.granted = false;
    this.layer = null;
  }

  close(): void {
    for (const stop of this.stops) stop();
    if (this.granted) void this.engine.call('view:close', { view: this.view }).catch(() => undefined);
    this.forget();
  }

  /** The same tiles are on their way and the most urgent one still is: nothing new to say. */
  private isWaitingFor(keys: readonly string[]): boolean {
    if (keys.length !== this.waiting.length || keys[0] !== this.waiting[0]) return false;
    const waiting = new Set(this.waiting);
    return keys.every((key) => waiting.has(key));
  }

  private send(layer: LayerSettings, tiles: readonly TileRect[]): void {
    const { photo, method, scale, options, shows } = layer;
    const revision = this.revision;
    this.engine
      .call('view:want', {
        view: this.view,
        revision,
        photo,
        method: { id: method },
        scale,
        options,
        shows,
        display: this.display(),
        tiles: [...tiles],
      })
      .catch((thrown: unknown) => {
        if (revision === this.revision) this.listener.failed(layer, faultOf(thrown));
      });
  }

  private take(event: TileEvent): void {
    if (event.view !== this.view) return;
    this.grant(1);
    if (!this.layer || event.revision < this.layerSince) return;
    const key = tileKey(event.tile);
    this.waiting = this.waiting.filter((one) => one !== key);
    this.listener.tile(this.layer, event);
  }

  private grant(tiles: number): void {
    // An engine that is gone answers with a fault here too; its end is told once, by the connection.
    void this.engine.call('view:grant', { view: this.view, tiles }).catch(() => undefined);
  }
}
