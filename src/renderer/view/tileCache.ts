import type { MethodOptions, Shows, TileRect } from '../../shared/contract';
import { optionsKey } from '../../shared/enlargement';
import { tileKey } from './tileGrid';

/** The settings that made a tile's pixels: what is shown, as opposed to what is wanted. */
export interface LayerSettings {
  readonly photo: string;
  readonly method: string;
  readonly options: MethodOptions;
  readonly shows: Shows;
  readonly scale: number;
}

/** What made an enlargement: the method as it was turned. */
export const makerKey = (of: Pick<LayerSettings, 'method' | 'options'>): string =>
  `${of.method} ${optionsKey(of.options)}`;

export const layerKey = (of: LayerSettings): string => `${of.photo} ${makerKey(of)} ${of.shows} ${of.scale}`;

/** A tile that has come. */
export interface TilePart<Picture> {
  readonly rect: TileRect;
  readonly picture: Picture;
  readonly bytes: number;
  /** When it came, milliseconds: it fades in from here. */
  readonly arrived: number;
  /** Sum over the pixels of the squared invented part, where that is what the layer shows. */
  readonly squares?: number | undefined;
}

export interface CachedTile<Picture> extends TilePart<Picture> {
  touched: number;
}

export interface CachedLayer<Picture> {
  readonly settings: LayerSettings;
  readonly tiles: Map<string, CachedTile<Picture>>;
}

/**
 * Pictures of tiles up to a number of bytes. What was touched longest ago goes first; what is on screen
 * never goes, even over the limit. `release` frees a picture that leaves.
 */
export class TileCache<Picture> {
  private readonly byLayer = new Map<string, CachedLayer<Picture>>();
  private heldBytes = 0;
  private clock = 0;

  constructor(
    private readonly limitBytes: number,
    private readonly release: (picture: Picture) => void,
  ) {}

  get bytes(): number {
    return this.heldBytes;
  }

  layers(): Iterable<CachedLayer<Picture>> {
    return this.byLayer.values();
  }

  has(layer: LayerSettings, tile: TileRect): boolean {
    return this.find(layer, tile) !== undefined;
  }

  find(layer: LayerSettings, tile: TileRect): TilePart<Picture> | undefined {
    return this.byLayer.get(layerKey(layer))?.tiles.get(tileKey(tile));
  }

  put(layer: LayerSettings, tile: TilePart<Picture>): void {
    const key = layerKey(layer);
    const held = this.byLayer.get(key) ?? { settings: layer, tiles: new Map<string, CachedTile<Picture>>() };
    this.byLayer.set(key, held);
    this.drop(held, tileKey(tile.rect));
    held.tiles.set(tileKey(tile.rect), { ...tile, touched: ++this.clock });
    this.byLayer.set(key, held);
    this.heldBytes += tile.bytes;
  }

  /** Marks what is on screen and drops the oldest of the rest while over the limit. */
  keep(onScreen: ReadonlySet<CachedTile<Picture>>): void {
    this.clock += 1;
    for (const tile of onScreen) tile.touched = this.clock;
    if (this.heldBytes <= this.limitBytes) return;
    const rest = [...this.byLayer.values()].flatMap((layer) =>
      [...layer.tiles].filter(([, tile]) => !onScreen.has(tile)).map(([key, tile]) => ({ layer, key, tile })),
    );
    rest.sort((a, b) => a.tile.touched - b.tile.touched);
    for (const { layer, key } of rest) {
      if (this.heldBytes <= this.limitBytes) return;
      this.drop(layer, key);
    }
  }

  /** Forgets every layer for which `which` holds. */
  forget(which: (layer: LayerSettings) => boolean): void {
    for (const layer of [...this.byLayer.values()]) {
      if (which(layer.settings)) for (const key of [...layer.tiles.keys()]) this.drop(layer, key);
    }
  }

  private drop(layer: CachedLayer<Picture>, key: string): void {
    const tile = layer.tiles.get(key);
    if (!tile) return;
    layer.tiles.delete(key);
    if (layer.tiles.size === 0) this.byLayer.delete(layerKey(layer.settings));
    this.heldBytes -= tile.bytes;
    this.release(tile.picture);
  }
}
