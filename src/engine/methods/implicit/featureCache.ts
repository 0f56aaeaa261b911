import { totalmem } from 'node:os';
import type { Window } from '../../kernels/window';

/**
 * A window of 1,200 x 800 at x2 has 240,000 source pixels and with its tiles' borders more: 300 MiB with 192
 * features each. A sixteenth of the memory that there is, 256 to 512 MiB, which idleness gives back.
 */
const USUAL_BUDGET_BYTES = Math.min(512 * 2 ** 20, Math.max(256 * 2 ** 20, totalmem() / 16));

/** Features of source tiles by everything that made them; the longest unused go first. */
export class FeatureCache {
  private readonly tiles = new Map<string, Window>();
  private held = 0;

  constructor(private readonly budgetBytes = USUAL_BUDGET_BYTES) {}

  get bytes(): number {
    return this.held;
  }

  get(key: string): Window | undefined {
    const tile = this.tiles.get(key);
    if (tile) {
      this.tiles.delete(key);
      this.tiles.set(key, tile);
    }
    return tile;
  }

  put(key: string, tile: Window): void {
    this.drop(key);
    this.tiles.set(key, tile);
    this.held += tile.pixels.data.byteLength;
    for (const oldest of this.tiles.keys()) {
      if (this.held <= this.budgetBytes) break;
      this.drop(oldest);
    }
  }

  /** Nothing is looked at any more. */
  clear(): void {
    this.tiles.clear();
    this.held = 0;
  }

  private drop(key: string): void {
    this.held -= this.tiles.get(key)?.pixels.data.byteLength ?? 0;
    this.tiles.delete(key);
  }
}
