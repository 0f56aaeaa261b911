import type { EngineEvent, TileRect } from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import type { EndTurn, Queue } from '../schedule/queue';
import type { ViewTile } from './viewTile';

/** What a view wants to see: tiles in the order of their urgency, and how to make one. */
export interface Wish {
  readonly revision: number;
  readonly tiles: readonly TileRect[];
  /** Everything that a tile's pixels depend on, its rectangle apart. */
  readonly key: string;
  /** What is there already. */
  cached(tile: TileRect): ViewTile | undefined;
  make(tile: TileRect, signal: AbortSignal): Promise<ViewTile>;
}

export interface ViewParts {
  readonly view: string;
  readonly client: string;
  readonly queue: Queue;
  readonly emit: (event: EngineEvent) => Promise<void>;
}

interface InFlight {
  revision: number;
  readonly abort: AbortController;
}

/** One tile computed while the next is read: more would only delay what is wanted next. */
const TILES_AT_ONCE = 2;

/**
 * One view of a page: what it waits for, and how many tiles it may still be sent. A new wish replaces what
 * waits; a tile being made goes on if it is still wanted and is stopped if not; tiles are taken from the
 * front of the list only when their turn has come, so the order is always the latest one.
 */
export class View {
  private wish: Wish | undefined;
  private waiting: TileRect[] = [];
  private credit = 0;
  /** Tiles promised but not yet sent: they hold credit. */
  private promised = 0;
  private asking = 0;
  private readonly inFlight = new Map<string, InFlight>();
  private readonly closing = new AbortController();

  constructor(private readonly parts: ViewParts) {}

  want(wish: Wish): void {
    this.wish = wish;
    const wanted = new Map(wish.tiles.map((tile) => [keyOf(wish, tile), tile]));
    for (const [key, flight] of this.inFlight) {
      if (wanted.delete(key)) flight.revision = wish.revision;
      else flight.abort.abort();
    }
    this.waiting = [...wanted.values()];
    this.pump();
  }

  grant(tiles: number): void {
    this.credit += tiles;
    this.pump();
  }

  /** Gives up the wish if its key begins so. */
  forget(prefix: string): void {
    if (!this.wish?.key.startsWith(prefix)) return;
    this.wish = undefined;
    this.waiting = [];
    for (const { abort } of this.inFlight.values()) abort.abort();
  }

  /** Nothing more is made or sent. */
  close(): void {
    this.waiting = [];
    this.closing.abort();
    for (const { abort } of this.inFlight.values()) abort.abort();
  }

  private get open(): boolean {
    return !this.closing.signal.aborted;
  }

  /** Sends what is there, then asks for as many turns as can be used. */
  private pump(): void {
    this.sendCached();
    const free = (): number => Math.min(this.waiting.length, this.credit - this.promised);
    while (this.open && this.asking + this.inFlight.size < TILES_AT_ONCE && this.asking < free()) {
      this.asking += 1;
      void this.takeTurn();
    }
  }

  private sendCached(): void {
    const { wish } = this;
    if (!wish) return;
    const missing: TileRect[] = [];
    for (const tile of this.waiting) {
      const made = this.credit > this.promised ? wish.cached(tile) : undefined;
      if (made) void this.send(wish.revision, tile, made);
      else missing.push(tile);
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
      await this.makeNext();
    } finally {
      end();
    }
    this.pump();
  }

  private async makeNext(): Promise<void> {
    const { wish } = this;
    if (!wish || this.credit <= this.promised) return;
    const tile = this.waiting.shift();
    if (!tile) return;
    const key = keyOf(wish, tile);
    const flight: InFlight = { revision: wish.revision, abort: new AbortController() };
    this.inFlight.set(key, flight);
    this.promised += 1;
    try {
      const made = await wish.make(tile, flight.abort.signal);
      if (!flight.abort.signal.aborted) void this.send(flight.revision, tile, made);
    } catch (error) {
      if (!flight.abort.signal.aborted) await this.fail(flight.revision, error);
    } finally {
      this.promised -= 1;
      this.inFlight.delete(key);
    }
  }

  private async send(revision: number, tile: TileRect, made: ViewTile): Promise<void> {
    this.credit -= 1;
    const { view } = this.parts;
    await this.parts.emit({ event: 'view:tile', view, revision, tile, ...made });
  }

  /** One failure stands for the whole wish: its other tiles would fail alike. */
  private async fail(revision: number, error: unknown): Promise<void> {
    if (this.wish?.revision === revision) this.waiting = [];
    const { view } = this.parts;
    await this.parts.emit({ event: 'view:failed', view, revision, fault: faultOf(error) });
  }
}

const keyOf = (wish: Wish, { x, y, width, height }: TileRect): string =>
  `${wish.key}|${x},${y},${width},${height}`;
