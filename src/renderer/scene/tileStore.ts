import { layerKey, type Layer, type TileRect } from '../../shared/contract';
import type { Fault } from '../../shared/faults';
import { tileKey } from './tileGrid';
import type { OrderedTile, Tier } from './urgency';

/** A tile is wanted, then asked for (`coming`), then here; or its layer cannot be made. */
export type TileState = 'wanted' | 'coming' | 'here' | 'failed';

/** A tile that has come. */
export interface Arrived<Picture> {
  readonly rect: TileRect;
  readonly picture: Picture;
  readonly bytes: number;
  /** When it came, milliseconds: it fades in from here. */
  readonly arrived: number;
  /** Sum over the pixels of the squared invented part, where that is what the layer shows. */
  readonly squares?: number | undefined;
}

/** Pixels that are here, with the layer that made them. */
export interface ShownLayer<Picture> {
  readonly key: string;
  readonly layer: Layer;
  readonly tiles: Iterable<Arrived<Picture>>;
}

interface Entry<Picture> {
  readonly rect: TileRect;
  state: TileState;
  tier: Tier;
  /** Place in the order of the latest want; of no meaning for `recent`. */
  place: number;
  /** The want that named it last. */
  wanted: number;
  /** When it was last on screen, in calls of `trim`. */
  touched: number;
  here: Arrived<Picture> | null;
}

interface Held<Picture> {
  readonly layer: Layer;
  readonly entries: Map<string, Entry<Picture>>;
}

const bytesOf = ({ width, height }: TileRect): number => width * height * 4;

/**
 * All tiles of a page up to one number of bytes: what is wanted, and what is here, by the key of the layer
 * that made it. `want` says what is wanted and in which tier; what is here and not wanted any more is
 * `recent`. Recent tiles go first, the longest unseen before others, then prefetched ones from the far end of
 * the order; what is on screen never goes, even over the limit, and nothing is prefetched that would have to
 * go at once. `release` frees a picture that leaves.
 */
export class TileStore<Picture> {
  private readonly held = new Map<string, Held<Picture>>();
  /** By layers, which may be wanted no more: what is true of a photo outlives its layers. */
  private readonly faults = new Map<string, { readonly layer: Layer; readonly fault: Fault }>();
  private order: OrderedTile[] = [];
  /** The layers in it. */
  private orderedKeys = new Set<string>();
  private heldBytes = 0;
  private wants = 0;
  private clock = 0;

  constructor(
    private limit: number,
    private readonly release: (picture: Picture) => void,
  ) {}

  get bytes(): number {
    return this.heldBytes;
  }

  /** Takes effect at the next `trim` and the next `want`. */
  set limitBytes(bytes: number) {
    this.limit = bytes;
  }

  /** Says all that is wanted, most urgent first; what was wanted before and did not come is forgotten. */
  want(order: readonly OrderedTile[]): void {
    this.wants += 1;
    let bytes = 0;
    this.order = [];
    for (const wanted of order) {
      bytes += bytesOf(wanted.tile);
      if (wanted.tier !== 'visible' && bytes > this.limit) continue;
      const entry = this.entryOf(wanted.layer, wanted.key, wanted.tile);
      entry.tier = wanted.tier;
      entry.place = this.order.length;
      entry.wanted = this.wants;
      this.order.push(wanted);
    }
    this.orderedKeys = new Set(this.order.map(({ key }) => key));
    for (const [key, { entries }] of this.held) {
      for (const [place, entry] of entries) {
        if (entry.wanted === this.wants) continue;
        if (entry.here) entry.tier = 'recent';
        else entries.delete(place);
      }
      if (entries.size === 0) this.held.delete(key);
    }
  }

  /** What is wanted and neither here nor failed, in its order: what to ask for. */
  missing(): OrderedTile[] {
    return this.order.filter(({ key, tile }) => {
      const state = this.stateOf(key, tile);
      return state === 'wanted' || state === 'coming';
    });
  }

  /** These were asked for. */
  asked(tiles: readonly OrderedTile[]): void {
    for (const { key, tile } of tiles) {
      const entry = this.find(key, tile);
      if (entry?.state === 'wanted') entry.state = 'coming';
    }
  }

  /** What failed may be asked for again. */
  retry(): void {
    this.faults.clear();
    this.change('failed', 'wanted');
  }

  /** Whoever was asked is gone: nothing is coming any more. */
  restart(): void {
    this.retry();
    this.change('coming', 'wanted');
  }

  stateOf(key: string, tile: TileRect): TileState | null {
    return this.find(key, tile)?.state ?? null;
  }

  here(key: string, tile: TileRect): Arrived<Picture> | null {
    return this.find(key, tile)?.here ?? null;
  }

  /** Whether pixels of this layer are still of use: some tile of it is wanted. */
  accepts(key: string): boolean {
    return this.orderedKeys.has(key);
  }

  /** A tile came; of a layer that is accepted any tile is good, also one of an earlier place of the camera. */
  put(layer: Layer, arrived: Arrived<Picture>): void {
    const entry = this.entryOf(layer, layerKey(layer), arrived.rect);
    this.free(entry);
    entry.here = arrived;
    entry.state = 'here';
    entry.touched = this.clock;
    this.heldBytes += arrived.bytes;
  }

  /** A layer cannot be made: nothing of it is asked for until `retry`, or until its pixels come after all. */
  fail(layer: Layer, fault: Fault): void {
    const key = layerKey(layer);
    this.faults.set(key, { layer, fault });
    for (const entry of this.held.get(key)?.entries.values() ?? []) if (!entry.here) entry.state = 'failed';
  }

  /**
   * Why a layer cannot be made. A photo that could not be read for one layer is not readable for another either, at
   * another scale say, until some of its pixels come: that is asked for all the same, but the reason stands meanwhile.
   */
  faultOf(layer: Layer): Fault | null {
    const key = layerKey(layer);
    return this.faults.get(key)?.fault ?? this.unreadable(key, layer.enlargement.photo);
  }

  private unreadable(key: string, photo: string): Fault | null {
    for (const { layer, fault } of this.faults.values()) {
      if (fault.code !== 'unreadable-image' || layer.enlargement.photo !== photo) continue;
      const entries = this.held.get(key)?.entries.values() ?? [];
      return [...entries].some(({ here }) => here) ? null : fault;
    }
    return null;
  }

  /** What can be drawn. */
  *layers(): Iterable<ShownLayer<Picture>> {
    for (const [key, { layer, entries }] of this.held) {
      const tiles = [...entries.values()].flatMap(({ here }) => (here ? [here] : []));
      if (tiles.length > 0) yield { key, layer, tiles };
    }
  }

  /** Marks what is on screen and lets go of the least of the rest while over the limit. */
  trim(onScreen: ReadonlySet<Arrived<Picture>>): void {
    this.clock += 1;
    const rest: { held: Held<Picture>; place: string; entry: Entry<Picture> }[] = [];
    for (const held of this.held.values()) {
      for (const [place, entry] of held.entries) {
        if (entry.here && onScreen.has(entry.here)) entry.touched = this.clock;
        else if (entry.here && entry.tier !== 'visible') rest.push({ held, place, entry });
      }
    }
    if (this.heldBytes <= this.limit) return;
    rest.sort((a, b) => sooner(a.entry, b.entry));
    for (const { held, place, entry } of rest) {
      if (this.heldBytes <= this.limit) return;
      this.free(entry);
      held.entries.delete(place);
    }
  }

  /** Forgets every layer for which `which` holds, with what failed of it. */
  forget(which: (layer: Layer) => boolean): void {
    for (const [key, { layer, entries }] of [...this.held]) {
      if (!which(layer)) continue;
      for (const entry of entries.values()) this.free(entry);
      this.held.delete(key);
    }
    for (const [key, { layer }] of this.faults) if (which(layer)) this.faults.delete(key);
    this.order = this.order.filter(({ layer }) => !which(layer));
    this.orderedKeys = new Set(this.order.map(({ key }) => key));
  }

  private find(key: string, tile: TileRect): Entry<Picture> | undefined {
    return this.held.get(key)?.entries.get(tileKey(tile));
  }

  private entryOf(layer: Layer, key: string, rect: TileRect): Entry<Picture> {
    const held = this.held.get(key) ?? { layer, entries: new Map<string, Entry<Picture>>() };
    this.held.set(key, held);
    const place = tileKey(rect);
    const known = held.entries.get(place);
    if (known) return known;
    const state: TileState = this.faults.has(key) ? 'failed' : 'wanted';
    const fresh: Entry<Picture> = {
      rect,
      state,
      tier: 'recent',
      place: 0,
      wanted: 0,
      touched: 0,
      here: null,
    };
    held.entries.set(place, fresh);
    return fresh;
  }

  private change(from: TileState, to: TileState): void {
    for (const { entries } of this.held.values()) {
      for (const entry of entries.values()) if (entry.state === from) entry.state = to;
    }
  }

  private free(entry: Entry<Picture>): void {
    if (!entry.here) return;
    this.heldBytes -= entry.here.bytes;
    this.release(entry.here.picture);
    entry.here = null;
  }
}

/** Which of two leaves first. */
function sooner(a: Entry<unknown>, b: Entry<unknown>): number {
  if (a.tier !== b.tier) return a.tier === 'recent' ? -1 : 1;
  return a.tier === 'recent' ? a.touched - b.touched : b.place - a.place;
}
