import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

interface Export {
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

/** Exports by their jobs: each can be fetched once, whichever page asks, and is then deleted. */
export class Downloads {
  private readonly exports = new Map<string, Export>();
  /** Tokens of addresses, each for a job. */
  private readonly offers = new Map<string, string>();

  /** A job makes the file at `path`, which a browser will call `name`. */
  expect(job: string, path: string, name: string): void {
    this.exports.set(job, { path, name });
  }

  has(job: string): boolean {
    return this.exports.has(job);
  }

  /** The address from which a job's file can be fetched, once; undefined where this host has none of it. */
  offer(job: string): string | undefined {
    if (!this.exports.has(job)) return undefined;
    const token = randomBytes(32).toString('base64url');
    this.offers.set(token, job);
    return ADDRESS + token;
  }

  /** Sends what `address` offers and deletes it, sent to its end or not; false: it offers nothing. */
  async send(address: string, response: ServerResponse): Promise<boolean> {
    const token = address.startsWith(ADDRESS) ? address.slice(ADDRESS.length) : '';
    const job = this.offers.get(token);
    const found = job === undefined ? undefined : this.exports.get(job);
    if (job === undefined || found === undefined) return false;
    this.offers.delete(token);
    this.exports.delete(job);
    try {
      const { size } = await stat(found.path);
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': size,
        'content-disposition': dispositionOf(found.name),
        'cache-control': 'no-store',
      });
      await pipeline(createReadStream(found.path), response);
    } catch {
      response.destroy(); // the browser broke off, or the file is gone: a cut connection says so
    } finally {
      await rm(found.path, { force: true, maxRetries: 3 });
    }
    return true;
  }
}
