import { layerKey, type Layer, type TileRect } from '../../src/shared/contract';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { STAND_IN } from '../../src/renderer/scene/layers';
import type { Arrived } from '../../src/renderer/scene/tileStore';
import type { OrderedTile, Tier } from '../../src/renderer/scene/urgency';

export const layer = (method: string, scale: number, photo = 'photo-1'): Layer => ({
  enlargement: {
    photo,
    method: method === 'bicubic' ? STAND_IN.method : { id: method },
    scale,
    options: PLAIN_OPTIONS,
  },
  shows: 'enlargement',
});

/** A tile of 512 pixels a side. */
export const square = (x: number, y = 0): TileRect => ({ x, y, width: 512, height: 512 });

export const ordered = (of: Layer, tile: TileRect, tier: Tier = 'visible'): OrderedTile => ({
  layer: of,
  key: layerKey(of),
  tile,
  tier,
  reason: tier === 'visible' ? 'quick' : 'around',
  distance: 0,
});

export const arrived = (rect: TileRect, picture: string, bytes: number, at = 0): Arrived<string> => ({
  rect,
  picture,
  bytes,
  arrived: at,
});
