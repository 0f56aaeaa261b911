import { layerKey, type Params, type TileRect } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { Feed, type FeedParts, type WantedTile } from './feed';
import { layerSource, type TileMaking } from './layerSource';
import { TileCache } from './tileCache';

/** The feeds of all pages, and the tiles that they have in common. */
export class Views {
  private readonly feeds = new Map<string, Feed>();
  private readonly cache = new TileCache();

  constructor(private readonly making: TileMaking) {}

  /**
   * A layer that cannot be made is told by `view:failed` and leaves the others as they are. Throws where a
   * tile names a layer that is not there; nothing of the page's view changes then.
   */
  want({ revision, display, layers, tiles }: Params<'view:want'>, parts: FeedParts): void {
    const tilesByLayer = layers.map((): TileRect[] => []);
    for (const { layer, x, y, width, height } of tiles) {
      const ofLayer = tilesByLayer[layer];
      if (!ofLayer) throw unknownLayer(layer, layers.length);
      ofLayer.push({ x, y, width, height });
    }
    const failures: { key: string; error: unknown }[] = [];
    const sources = layers.map((layer, index) => {
      try {
        const asked = { layer, client: parts.client, display };
        return layerSource(asked, tilesByLayer[index]!, this.making, this.cache);
      } catch (error) {
        failures.push({ key: layerKey(layer), error });
        return null;
      }
    });
    const wanted = tiles.flatMap(({ layer, x, y, width, height }): WantedTile[] => {
      const source = sources[layer];
      return source ? [{ source, tile: { x, y, width, height } }] : [];
    });
    const feed = this.feedOf(parts);
    feed.want(revision, wanted);
    for (const { key, error } of failures) void feed.fail(key, error);
  }

  /** Credit may come before the first want. */
  grant(tiles: number, parts: FeedParts): void {
    this.feedOf(parts).grant(tiles);
  }

  close(client: string): void {
    this.feeds.get(client)?.close();
    this.feeds.delete(client);
  }

  /** Nothing of a photo that a client closed is kept, or made for it any more. */
  forgetPhoto(client: string, photo: string): void {
    this.feeds.get(client)?.forgetPhoto(photo);
    this.cache.forget(`${photo} `);
  }

  private feedOf(parts: FeedParts): Feed {
    const known = this.feeds.get(parts.client);
    if (known) return known;
    const fresh = new Feed(parts);
    this.feeds.set(parts.client, fresh);
    return fresh;
  }
}

const unknownLayer = (layer: number, count: number): FaultError =>
  new FaultError(
    'bad-message',
    `Expected tiles of the ${count} layers that are wanted with them, received one of layer ${layer}.`,
  );
