import type { Params, TileRect } from '../../shared/contract';
import { makerKey } from '../../shared/enlargement';
import { FaultError } from '../../shared/faults';
import { contains, outputSize, wholeOf, type Rect } from '../../shared/geometry';
import type { ColourTable } from '../kernels/color/lut';
import { enlargeWithMap } from '../methods/consistently';
import { reduce } from '../methods/interpolate';
import type { EnlargeRequest } from '../methods/method';
import type { RunSettings } from '../runtime/runSettings';
import type { Registry } from '../methods/catalogue';
import type { Paces } from '../methods/pace';
import type { FilePhoto } from '../codec/read/open';
import type { Photo } from '../photos/photo';
import type { OpenPhotos } from '../photos/openPhotos';
import type { Pixels } from '../pixels/pixels';
import { TileCache } from './tileCache';
import { View, type ViewParts, type Wish } from './view';
import { inventedTile, type ViewTile } from './viewTile';

export interface ViewsParts {
  readonly photos: OpenPhotos<FilePhoto>;
  readonly registry: Registry;
  readonly pixels: Pixels;
  readonly paces: Paces;
  /** The table from the photo's colours to a display's; null: they are the same. */
  readonly tableFor: (
    photo: FilePhoto,
    display: Params<'view:want'>['display'],
  ) => Promise<ColourTable | null>;
}

/** All views of all clients, and the tiles that they have in common. */
export class Views {
  private readonly views = new Map<string, View>();
  private readonly cache = new TileCache();

  constructor(private readonly parts: ViewsParts) {}

  /** Throws where photo, method or a tile is not one; nothing of the view changes then. */
  want(asked: Params<'view:want'>, view: Omit<ViewParts, 'view'>): void {
    const wish = this.wishOf(asked, view.client);
    this.viewOf(asked.view, view).want(wish);
  }

  /** Credit may come before the first wish. */
  grant(view: string, tiles: number, parts: Omit<ViewParts, 'view'>): void {
    this.viewOf(view, parts).grant(tiles);
  }

  close(client: string, view: string): void {
    const key = keyOf(client, view);
    this.views.get(key)?.close();
    this.views.delete(key);
  }

  closeAll(client: string): void {
    for (const [key, view] of [...this.views]) {
      if (!key.startsWith(keyOf(client, ''))) continue;
      view.close();
      this.views.delete(key);
    }
  }

  /** Nothing of a closed photo is kept or made any more. */
  forgetPhoto(photo: string): void {
    for (const view of this.views.values()) view.forget(`${photo}|`);
    this.cache.forget(`${photo}|`);
  }

  private viewOf(view: string, parts: Omit<ViewParts, 'view'>): View {
    const key = keyOf(parts.client, view);
    const known = this.views.get(key);
    if (known) return known;
    const fresh = new View({ ...parts, view });
    this.views.set(key, fresh);
    return fresh;
  }

  private wishOf(asked: Params<'view:want'>, client: string): Wish {
    const { photo: id, method, scale, options, display, revision, tiles, shows } = asked;
    const { photo, end } = this.parts.photos.lease(client, id);
    end();
    const { sum } = this.parts.registry.get(method.id, method.sum).card;
    checkTiles(tiles, photo, scale);
    checkShows(asked);
    const maker = makerKey({ method: { id: method.id, sum }, options });
    const what = scale < 1 ? 'reduced' : `${maker}|${shows}`;
    const key = `${id}|${what}|${scale}|${display}`;
    const tileKey = ({ x, y, width, height }: TileRect): string => `${key}|${x},${y},${width},${height}`;
    return {
      ...{ revision, tiles, key },
      cached: (tile) => this.cache.get(tileKey(tile)),
      make: async (tile, signal) => {
        const made = await this.make(asked, client, tile, signal);
        this.cache.put(tileKey(tile), made);
        return made;
      },
    };
  }

  private async make(
    asked: Params<'view:want'>,
    client: string,
    tile: TileRect,
    signal: AbortSignal,
  ): Promise<ViewTile> {
    const { photo, end } = this.parts.photos.lease(client, asked.photo);
    try {
      const table = await this.parts.tableFor(photo, asked.display);
      const finish = { to: 'rgba', table } as const;
      const output: Rect<'output'> = tile;
      const { scale } = asked;
      const { pixels } = this.parts;
      if (scale < 1) return { pixels: await reduce({ photo, scale, output, signal }, pixels, finish) };
      const method = this.parts.registry.get(asked.method.id, asked.method.sum);
      const runSettings: RunSettings = {
        ...asked.options,
        ...{ device: 'auto', patient: false },
        onDevice: (device) => this.parts.paces.noteDevice(method, device),
      };
      const order: EnlargeRequest = { photo, scale, output, runSettings, signal };
      if (asked.shows === 'invented')
        return inventedTile(await enlargeWithMap(method, order, finish, pixels));
      return { pixels: await method.enlarge(order, finish) };
    } finally {
      end();
    }
  }
}

function checkTiles(tiles: readonly TileRect[], photo: Photo, scale: number): void {
  const size = outputSize(photo.info, scale);
  const outside = tiles.find((tile) => !contains(wholeOf(size), tile));
  if (!outside) return;
  const { x, y, width, height } = outside;
  throw new FaultError(
    'bad-region',
    `Expected tiles inside the ${size.width} x ${size.height} pixels that ${photo.info.name} has at x${scale}, ` +
      `received ${width} x ${height} at ${x}, ${y}.`,
  );
}

function checkShows({ shows, scale }: Params<'view:want'>): void {
  if (shows !== 'invented' || scale > 1) return;
  throw new FaultError(
    'bad-option',
    `Expected a scale above 1 to show what was invented, received x${scale}: there nothing is enlarged.`,
  );
}

const keyOf = (client: string, view: string): string => `${client}\n${view}`;
