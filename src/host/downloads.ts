import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { LatestFile } from '../privateFolders/latestFile';

const exportSchema = v.object({
  job: v.string(),
  path: v.pipe(v.string(), v.minLength(1)),
  /** What a browser will call it. */
  name: v.string(),
  /** The secret of the tab that ordered it. */
  tab: v.string(),
  /** What its page calls the order. */
  orderId: v.optional(v.string()),
});
type Export = v.InferOutput<typeof exportSchema>;

/** The file's form; another version is taken for none. */
const downloadsFileSchema = v.object({
  version: v.literal(1),
  /** The host's folder, in which they lie. */
  folder: v.pipe(v.string(), v.minLength(1)),
  exports: v.array(exportSchema),
});

/** Beside the files, and hidden from what pages send. */
const FILE = '.downloads';

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

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

/**
 * Exports by their jobs: each can be fetched once, whichever page asks, and is then deleted. They are written down, so
 * that what a killed host had finished can be fetched from the next one: a file that is in its place is whole.
 */
export class Downloads {
  private readonly exports = new Map<string, Export>();
  /** Tokens of addresses, each for a job. */
  private readonly offers = new Map<string, string>();
  private readonly waiting = new Map<string, (() => void)[]>();
  private readonly file: LatestFile;
  private isClosed = false;

  constructor(
    private readonly folder: string,
    failed: (error: unknown) => void,
  ) {
    this.file = new LatestFile({ path: join(folder, FILE), text: () => this.text(), failed });
  }

  /** A job makes a file. */
  expect(expected: Export): void {
    this.exports.set(expected.job, expected);
    this.changed();
  }

  /**
   * What a killed host whose folder is at `place` now had finished. Answers with its jobs, and the paths of their files.
   */
  async inherit(place: string): Promise<{ readonly job: string; readonly path: string }[]> {
    const text = await readFile(join(place, FILE), 'utf8').catch(() => 'null');
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), downloadsFileSchema), text);
    const { folder, exports } = read.success ? read.output : { folder: place, exports: [] };
    const found: Export[] = [];
    for (const one of exports) {
      const path = join(place, relative(folder, one.path));
      if (await isFile(path)) found.push({ ...one, path });
    }
    for (const one of found) this.expect(one);
    return found;
  }

  /** What is finished and was not fetched, of tabs for which `isOf` is true. */
  async finished(isOf: (tab: string) => boolean): Promise<Pick<Export, 'job' | 'name' | 'orderId'>[]> {
    const each = [...this.exports.values()].map(async ({ job, name, orderId, path, tab }) =>
      isOf(tab) && (await isFile(path)) ? [{ job, name, ...(orderId !== undefined && { orderId }) }] : [],
    );
    return (await Promise.all(each)).flat();
  }

  /** Resolves once a job's file is being sent; at once where there is none. */
  fetched(job: string): Promise<void> {
    if (!this.exports.has(job)) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(job, [...(this.waiting.get(job) ?? []), resolve]));
  }

  /** The host ends: resolves once nothing is written any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.file.takeOver();
    await this.file.rest();
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
    this.changed();
    for (const tell of this.waiting.get(job) ?? []) tell();
    this.waiting.delete(job);
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

  private changed(): void {
    if (!this.isClosed) void this.file.save();
  }

  private text(): string {
    return JSON.stringify({ version: 1, folder: this.folder, exports: [...this.exports.values()] });
  }
}
