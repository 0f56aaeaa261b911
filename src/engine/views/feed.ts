import type { EngineEvent, TileRect } from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import type { EndTurn, Queue } from '../schedule/queue';
import type { ViewTile } from './viewTile';

/** Where the tiles of one layer come from. */
export interface LayerSource {
  /** The layer's key, as the page knows it. */
  readonly key: string;
  readonly photo: string;
  /** Everything that a tile's pixels depend on, its rectangle apart. */
  readonly cacheKey: string;
  /** No network runs for it: its tiles pass by slow ones that are being made. */
  readonly quick: boolean;
  /** What is there already. */
  cached(tile: TileRect): ViewTile | undefined;
  /** `onShare` hears how much of it is done, 0 to 1, where it takes several runs. */
  make(tile: TileRect, signal: AbortSignal, onShare: (share: number) => void): Promise<ViewTile>;
}

export interface WantedTile {
  readonly source: LayerSource;
  readonly tile: TileRect;
}

export interface FeedParts {
  readonly client: string;
  readonly queue: Queue;
  readonly emit: (event: EngineEvent) => Promise<void>;
}

interface InFlight {
  revision: number;
  readonly source: LayerSource;
  readonly abort: AbortController;
}

/** One tile computed while the next is read: more would only delay what is wanted next. */
const TILES_AT_ONCE = 2;
/** Beside slow tiles that are being made, so that the stand-in of what was panned to does not wait for them. */
const QUICK_BESIDE = 1;

/**
 * The feed of one page: what it waits for, most urgent first, and how many tiles it may still be sent. A new
 * want replaces what waits; a tile being made goes on if it is still wanted and is stopped if not; tiles are
 * taken from the front of the list only when their turn has come, so the order is always the latest one.
 */
export class Feed {
  private revision = 0;
  private waiting: WantedTile[] = [];
  private credit = 0;
  /** Tiles promised but not yet sent: they hold credit. */
  private promised = 0;
  private asking = 0;
  private readonly inFlight = new Map<string, InFlight>();
  private readonly closing = new AbortController();

  constructor(private readonly parts: FeedParts) {}

  want(revision: number, tiles: readonly WantedTile[]): void {
    this.revision = revision;
    const wanted = new Map(tiles.map((one) => [keyOf(one), one]));
    for (const [key, flight] of this.inFlight) {
      if (wanted.delete(key)) flight.revision = revision;
      else flight.abort.abort();
    }
    this.waiting = [...wanted.values()];
    this.pump();
  }

  grant(tiles: number): void {
    this.credit += tiles;
    this.pump();
  }

  /** Gives up all tiles of a photo. */
  forgetPhoto(photo: string): void {
    this.waiting = this.waiting.filter(({ source }) => source.photo !== photo);
    for (const { source, abort } of this.inFlight.values()) if (source.photo === photo) abort.abort();
  }

  /** Tells that a layer cannot be made; what waits of it is given up. */
  async fail(layer: string, error: unknown, revision = this.revision): Promise<void> {
    this.waiting = this.waiting.filter(({ source }) => source.key !== layer);
    for (const { source, abort } of this.inFlight.values()) if (source.key === layer) abort.abort();
    await this.parts.emit({ event: 'view:failed', revision, layer, fault: faultOf(error) });
  }

  /** Nothing more is made or sent. */
  close(): void {
    this.waiting = [];
    this.closing.abort();
    for (const { abort } of this.inFlight.values()) abort.abort();
  }

  /** Sends what is there, then asks for as many turns as can be used. */
  private pump(): void {
    this.sendCached();
    while (this.asking < this.usableTurns()) {
      this.asking += 1;
      void this.takeTurn();
    }
  }

  private usableTurns(): number {
    if (this.closing.signal.aborted) return 0;
    const free = Math.min(this.waiting.length, this.credit - this.promised);
    return Math.min(free, this.width() - this.inFlight.size);
  }

  /** Tiles at once, by what is next. */
  private width(): number {
    return TILES_AT_ONCE + (this.waiting[0]?.source.quick ? QUICK_BESIDE : 0);
  }

  private sendCached(): void {
    const missing: WantedTile[] = [];
    for (const wanted of this.waiting) {
      const { source, tile } = wanted;
      const picture = this.credit > this.promised ? source.cached(tile) : undefined;
      if (picture) void this.send(this.revision, wanted, picture);
      else missing.push(wanted);
    }
    this.waiting = missing;
  }

  private async takeTurn(): Promise<void> {
    const { queue, client } = this.parts;
    let end: EndTurn;
    try {
      end = await queue.turn({ priority: 'view', client, signal: this.closing.signal });
    } catch {
      return; // closed while waiting: there is nobody to tell
    } finally {
      this.asking -= 1;
    }
    try {
      // What is first now may be slower than what the turn was asked for.
      if (this.usableTurns() > 0) await this.makeNext();
    } finally {
      end();
    }
    this.pump();
  }

  private async makeNext(): Promise<void> {
    const wanted = this.waiting.shift();
    if (!wanted) return;
    const { source, tile } = wanted;
    const key = keyOf(wanted);
    const flight: InFlight = { revision: this.revision, source, abort: new AbortController() };
    this.inFlight.set(key, flight);
    this.promised += 1;
    try {
      const tell = (share: number): void => void this.tellShare(flight, tile, share);
      if (!source.quick) tell(0);
      const picture = await source.make(tile, flight.abort.signal, tell);
      if (!flight.abort.signal.aborted) void this.send(flight.revision, wanted, picture);
    } catch (error) {
      if (!flight.abort.signal.aborted) {
        this.inFlight.delete(key);
        await this.fail(source.key, error, flight.revision);
      }
    } finally {
      this.promised -= 1;
      if (this.inFlight.get(key) === flight) this.inFlight.delete(key);
    }
  }

  /** How far a slow tile is; of one that is finished, or not wanted any more, there is nothing to tell. */
  private async tellShare(
    { source, revision, abort }: InFlight,
    tile: TileRect,
    share: number,
  ): Promise<void> {
    if (source.quick || share === 1 || abort.signal.aborted) return;
    await this.parts.emit({ event: 'view:making', revision, layer: source.key, tile, share });
  }

  private async send(revision: number, { source, tile }: WantedTile, picture: ViewTile): Promise<void> {
    this.credit -= 1;
    await this.parts.emit({ event: 'view:tile', revision, layer: source.key, tile, ...picture });
  }
}

const keyOf = ({ source, tile }: WantedTile): string => tileKey(source.cacheKey, tile);

export const tileKey = (cacheKey: string, { x, y, width, height }: TileRect): string =>
  `${cacheKey} ${x},${y},${width},${height}`;
