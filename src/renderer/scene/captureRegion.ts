import type { Layer } from '../../shared/contract';
import { errorOf, type Fault } from '../../shared/faults';
import { outputRect, type Rect, type Size } from '../../shared/geometry';
import { askedTile, type Feed } from './feed';
import { tileKey, tilesOf, tileSide } from './tileGrid';

/**
 * The enlargement of a part of a photo as it is shown, on a canvas of exactly its size, in the colour space of the
 * screen. Rejects with the fault of the layer, or with the signal's reason.
 */
export function captureRegion(
  feed: Feed,
  layer: Layer,
  part: Rect<'source'>,
  photo: Size,
  signal: AbortSignal,
): Promise<HTMLCanvasElement> {
  const own = outputRect(part, photo, layer.enlargement.scale);
  const side = tileSide(layer.enlargement.scale);
  // A grid of its own: nothing outside the region is made.
  const tiles = tilesOf({ x: 0, y: 0, width: own.width, height: own.height }, side, own).map((tile) => ({
    ...tile,
    x: tile.x + own.x,
    y: tile.y + own.y,
  }));
  const canvas = document.createElement('canvas');
  canvas.width = own.width;
  canvas.height = own.height;
  const surface = canvas.getContext('2d', { colorSpace: feed.display })!;
  return new Promise((resolve, reject) => {
    const missing = new Set(tiles.map(tileKey));
    const ask = (): void =>
      source.want(tiles.filter((tile) => missing.has(tileKey(tile))).map((tile) => askedTile(layer, tile)));
    const end = (settle: () => void): void => {
      source.close();
      settle();
    };
    const source = feed.source({
      tile: (_layer, { tile, pixels }) => {
        if (!missing.delete(tileKey(tile))) return;
        const picture = new ImageData(new Uint8ClampedArray(pixels), tile.width, tile.height, {
          colorSpace: feed.display,
        });
        surface.putImageData(picture, tile.x - own.x, tile.y - own.y);
        if (missing.size === 0) end(() => resolve(canvas));
      },
      failed: (_layer, fault: Fault) => end(() => reject(errorOf(fault))),
      restarted: ask,
    });
    signal.addEventListener('abort', () => end(() => reject(signal.reason as Error)), { once: true });
    ask();
  });
}
