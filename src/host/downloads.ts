import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

interface Offer {
  readonly client: string;
  readonly path: string;
  readonly name: string;
}

const ADDRESS = '/download/';

/**
 * `Content-Disposition` of a file to be saved, after RFC 6266: a plain name for old readers and the exact
 * one, encoded after RFC 5987.
 */
export function dispositionOf(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/** Finished exports that wait to be fetched: each once, then deleted; deleted too when their page goes. */
export class Downloads {
  private readonly offers = new Map<string, Offer>();

  /** The address from which `client`'s file can be fetched, once. */
  offer(client: string, path: string, name: string): string {
    const token = randomBytes(32).toString('base64url');
    this.offers.set(token, { client, path, name });
    return ADDRESS + token;
  }

  /** Sends what `address` offers and deletes it, sent to its end or not; false: it offers nothing. */
  async send(address: string, response: ServerResponse): Promise<boolean> {
    const token = address.startsWith(ADDRESS) ? address.slice(ADDRESS.length) : '';
    const offer = this.offers.get(token);
    if (offer === undefined) return false;
    this.offers.delete(token);
    try {
      const { size } = await stat(offer.path);
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': size,
        'content-disposition': dispositionOf(offer.name),
        'cache-control': 'no-store',
      });
      await pipeline(createReadStream(offer.path), response);
    } catch {
      response.destroy(); // the browser broke off, or the file is gone: a cut connection says so
    } finally {
      await rm(offer.path, { force: true, maxRetries: 3 });
    }
    return true;
  }

  /** Deletes what `client` has not begun to fetch. */
  async dropOf(client: string): Promise<void> {
    const dropped = [...this.offers].filter(([, offer]) => offer.client === client);
    for (const [token] of dropped) this.offers.delete(token);
    await Promise.all(dropped.map(([, { path }]) => rm(path, { force: true, maxRetries: 3 })));
  }
}
