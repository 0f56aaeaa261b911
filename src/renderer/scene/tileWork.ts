import type { Layer, TileRect } from '../../shared/contract';
import { makerKey } from '../../shared/enlargement';
import { placeOf } from './tileGrid';

/** A tile that is being made. */
export interface TileInWork {
  /** Of its layer (`layerKey`). */
  readonly key: string;
  /** Output pixels. */
  readonly pixels: number;
  /** What is known to be done of it, 0 to 1. */
  readonly share: number;
  /** Milliseconds spent on it: of the time of several at once its part. */
  readonly spent: number;
}

interface Flight {
  readonly key: string;
  readonly maker: string;
  readonly pixels: number;
  readonly sourcePixels: number;
  share: number;
  spent: number;
}

/** How much the newest tile says of the next one; the rest is what was known before. */
const NEWEST = 0.4;

/**
 * Which tiles are being made and since when, and how long each method takes for a pixel of the photo: from this the
 * page tells how far it is inside a tile that takes long. Times are milliseconds and come in.
 */
export class TileWork {
  private readonly flights = new Map<string, Flight>();
  private readonly paces = new Map<string, number>();
  private at = 0;

  /** When `all` was true. */
  get heardAt(): number {
    return this.at;
  }

  /** A tile is being made; `share` of it is done. */
  making({ enlargement }: Layer, key: string, tile: TileRect, share: number, now: number): void {
    this.advance(now);
    const known = this.flights.get(placeOf(key, tile));
    if (known) {
      known.share = Math.max(known.share, share);
      return;
    }
    const pixels = tile.width * tile.height;
    const sourcePixels = pixels / enlargement.scale ** 2;
    const maker = makerKey(enlargement);
    this.flights.set(placeOf(key, tile), { key, maker, pixels, sourcePixels, share, spent: 0 });
  }

  /** A tile came, made just now or kept. */
  came(key: string, tile: TileRect, now: number): void {
    this.advance(now);
    const place = placeOf(key, tile);
    const flight = this.flights.get(place);
    if (!flight) return;
    this.flights.delete(place);
    const pace = flight.spent / flight.sourcePixels;
    const before = this.paces.get(flight.maker) ?? pace;
    this.paces.set(flight.maker, before + NEWEST * (pace - before));
  }

  /** What is not waited for any more is not being made any more. */
  keep(waitedFor: readonly { readonly key: string; readonly tile: TileRect }[]): void {
    const places = new Set(waitedFor.map(({ key, tile }) => placeOf(key, tile)));
    for (const place of this.flights.keys()) if (!places.has(place)) this.flights.delete(place);
  }

  /** Nothing is being made any more. */
  restart(): void {
    this.flights.clear();
  }

  /** What is being made. */
  all(): readonly TileInWork[] {
    return [...this.flights.values()].map(({ key, pixels, share, spent }) => ({ key, pixels, share, spent }));
  }

  /** Milliseconds that a layer's output pixel takes; null: nothing of its method has come yet. */
  paceOf({ enlargement }: Layer): number | null {
    const pace = this.paces.get(makerKey(enlargement));
    return pace === undefined ? null : pace / enlargement.scale ** 2;
  }

  private advance(now: number): void {
    const each = (now - this.at) / Math.max(1, this.flights.size);
    for (const flight of this.flights.values()) flight.spent += each;
    this.at = now;
  }
}
