import {
  layerKey,
  type Device,
  type DisplaySpace,
  type Layer,
  type Params,
  type TileRect,
} from '../../shared/contract';
import type { MethodSum } from '../../shared/enlargement';
import { FaultError } from '../../shared/faults';
import { contains, outputSize, placeText, wholeOf, type Rect } from '../../shared/geometry';
import type { FilePhoto } from '../codec/read/open';
import type { ColourTable } from '../kernels/color/lut';
import type { Catalogue } from '../methods/catalogue';
import { asGrey } from '../photos/neutral';
import { enlargeWithMap } from '../methods/consistently';
import { reduce } from '../methods/interpolate';
import type { EnlargeRequest } from '../methods/method';
import type { Paces } from '../methods/pace';
import type { OpenPhotos } from '../photos/openPhotos';
import type { Photo } from '../photos/photo';
import { RunCount } from '../methods/runCount';
import type { Pixels } from '../pixels/pixels';
import type { RunSettings } from '../runtime/runSettings';
import { tileKey, type LayerSource } from './feed';
import type { TileCache } from './tileCache';
import { inventedTile, type ViewTile } from './viewTile';

/** What it takes to make tiles. */
export interface TileMaking {
  readonly photos: OpenPhotos<FilePhoto>;
  readonly catalogue: Catalogue;
  readonly pixels: Pixels;
  readonly paces: Paces;
  /** What methods run on, as the user chose. */
  readonly device: () => Device;
  /** The table from the photo's colours to a display's; null: they are the same. */
  readonly tableFor: (photo: FilePhoto, display: DisplaySpace) => Promise<ColourTable | null>;
}

/** A layer as one client sees it. */
export interface LayerAsked {
  readonly layer: Layer;
  readonly client: string;
  readonly display: Params<'view:want'>['display'];
}

/**
 * Where the tiles of a layer come from. Throws where the client has no such photo, there is no such method, a
 * tile lies outside, or nothing is enlarged of which something could be invented.
 */
export function layerSource(
  asked: LayerAsked,
  tiles: readonly TileRect[],
  making: TileMaking,
  cache: TileCache,
): LayerSource {
  const { layer, client, display } = asked;
  const { photo: token, method: ref, scale } = layer.enlargement;
  const { photo, end } = making.photos.lease(client, token);
  end();
  const method = making.catalogue.get(ref.id, ref.sum);
  checkTiles(tiles, photo, scale);
  checkShows(layer);
  const key = layerKey(layer);
  // With the sum that the method has: one that was trained again shows nothing old.
  const enlargement = { ...layer.enlargement, method: { id: ref.id, sum: method.card.sum } };
  const cacheKey = `${layerKey({ enlargement, shows: layer.shows })} ${display}`;
  return {
    key,
    photo: token,
    cacheKey,
    quick: scale < 1 || method.networks.length === 0,
    cached: (tile) => cache.get(tileKey(cacheKey, tile)),
    make: async (tile, signal, onShare) => {
      const runs = new RunCount(onShare);
      const result = await makeTile(asked, { sum: method.card.sum, tile, signal, runs }, making);
      cache.put(tileKey(cacheKey, tile), result);
      return result;
    },
  };
}

interface TileOrder {
  /** Of the method as it was when the layer was asked for; a tile of another one would not fit the others. */
  readonly sum: MethodSum;
  readonly tile: TileRect;
  readonly signal: AbortSignal;
  readonly runs: RunCount;
}

async function makeTile(
  { layer, client, display }: LayerAsked,
  { sum, tile, signal, runs }: TileOrder,
  { photos, catalogue, pixels, paces, tableFor, device: chosen }: TileMaking,
): Promise<ViewTile> {
  const { photo: token, method: ref, scale, options } = layer.enlargement;
  const { photo, end } = photos.lease(client, token);
  try {
    const finish = { to: 'rgba', table: await tableFor(photo, display) } as const;
    const output: Rect<'output'> = tile;
    if (scale < 1) return { pixels: await reduce({ photo, scale, output, signal }, pixels, finish) };
    const coloured = (await photo.neutral(signal)) ? asGrey(photo) : photo;
    return await catalogue.during(ref.id, sum, async (method) => {
      const runSettings: RunSettings = {
        ...options,
        device: chosen(),
        patient: false,
        onDevice: (device) => paces.noteDevice(method, device),
      };
      const order: EnlargeRequest = { photo: coloured, scale, output, runSettings, signal, runs };
      if (layer.shows === 'invented')
        return inventedTile(await enlargeWithMap(method, order, finish, pixels));
      return { pixels: await method.enlarge(order, finish) };
    });
  } finally {
    end();
  }
}

function checkTiles(tiles: readonly TileRect[], photo: Photo, scale: number): void {
  const size = outputSize(photo.info, scale);
  const outside = tiles.find((tile) => !contains(wholeOf(size), tile));
  if (!outside) return;
  throw new FaultError(
    'bad-region',
    `Expected tiles inside the ${size.width} x ${size.height} pixels that ${photo.info.name} has at x${scale}, ` +
      `received ${placeText(outside)}.`,
  );
}

function checkShows({ shows, enlargement: { scale } }: Layer): void {
  if (shows !== 'invented' || scale > 1) return;
  throw new FaultError(
    'bad-option',
    `Expected a scale above 1 to show what was invented, received x${scale}: there nothing is enlarged.`,
  );
}
