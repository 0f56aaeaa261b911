import type { TileRect } from '../../shared/contract';
import { area, intersect, type Rect } from '../../shared/geometry';

/** A tile that shows what was invented, and the sum of its squares over the pixels, values in [0, 1]. */
export interface MeasuredTile {
  readonly rect: TileRect;
  readonly squares: number;
}

/**
 * Root mean square of the invented part of what is seen, in steps of 8 bits; null where nothing is. A tile
 * that is seen in part counts by that part, as if what it holds were spread evenly over it.
 */
export function inventedStrength(tiles: Iterable<MeasuredTile>, visible: Rect<'output'>): number | null {
  let squares = 0;
  let pixels = 0;
  for (const tile of tiles) {
    const rect: Rect<'output'> = tile.rect;
    const shown = area(intersect(rect, visible));
    squares += (tile.squares * shown) / area(rect);
    pixels += shown;
  }
  return pixels === 0 ? null : 255 * Math.sqrt(squares / pixels);
}
