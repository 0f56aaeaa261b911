import type { Window } from '../kernels/window';
import type { FeatureCache } from './implicit/featureCache';

/**
 * Tiles that a network makes whole or not at all, because their pixels depend on the tile: a rectangle needs all
 * that it touches, and its neighbours need them again. None is made twice at the same time either.
 */
export class WholeTiles {
  private readonly underWay = new Map<string, Promise<Window>>();

  constructor(private readonly cache: FeatureCache) {}

  /** The tile of this key: what is kept, or what `make` gives, which is then kept. */
  async of(key: string, make: () => Promise<Window>): Promise<Window> {
    for (;;) {
      const kept = this.cache.get(key);
      if (kept) return kept;
      const other = this.underWay.get(key);
      if (!other) break;
      // Where another caller failed or was stopped, this one makes it.
      await other.catch(() => undefined);
    }
    const tile = make();
    this.underWay.set(key, tile);
    try {
      const made = await tile;
      this.cache.put(key, made);
      return made;
    } finally {
      this.underWay.delete(key);
    }
  }
}
