import type { WithMap } from '../pixels/inventionMap';
import { BLUE, GREEN, RED } from '../pixels/luma';

/** What a view is sent for a tile. */
export interface ViewTile {
  /** RGBA, as `view:tile` has it. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Sum over the pixels of the squared invented part, where that is what the view shows. */
  readonly squares?: number;
}

/** A tile that shows what was invented (`showsSchema` has its channels); the finished tile is overwritten. */
export function inventedTile({ tile: pixels, map, squares }: WithMap<'rgba'>): ViewTile {
  for (let i = 0, k = 0; i < map.length; i++, k += 4) {
    pixels[k] = Math.round(RED * pixels[k]! + GREEN * pixels[k + 1]! + BLUE * pixels[k + 2]!);
    pixels[k + 1] = map[i]!;
    pixels[k + 2] = 0;
  }
  return { pixels, squares };
}
