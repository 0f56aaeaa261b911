import type { ViewTile } from './viewTile';

/** Finished tiles by everything that made them; the longest unused go first once there are too many bytes. */
export class TileCache {
  private readonly tiles = new Map<string, ViewTile>();
  private bytes = 0;

  constructor(private readonly budgetBytes = 128 * 2 ** 20) {}

  get(key: string): ViewTile | undefined {
    const tile = this.tiles.get(key);
    if (tile) {
      this.tiles.delete(key);
      this.tiles.set(key, tile);
    }
    return tile;
  }

  put(key: string, tile: ViewTile): void {
    this.drop(key);
    this.tiles.set(key, tile);
    this.bytes += tile.pixels.byteLength;
    for (const oldest of this.tiles.keys()) {
      if (this.bytes <= this.budgetBytes) break;
      this.drop(oldest);
    }
  }

  /** Forgets all tiles whose key begins so: those of a photo that was closed. */
  forget(prefix: string): void {
    for (const key of [...this.tiles.keys()]) if (key.startsWith(prefix)) this.drop(key);
  }

  private drop(key: string): void {
    this.bytes -= this.tiles.get(key)?.pixels.byteLength ?? 0;
    this.tiles.delete(key);
  }
}
