import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { startHost, type Host, type HostOptions } from '../../src/host/server';
import { readPageFiles } from '../../src/host/static';
import type { CallMessage } from '../../src/shared/contract';
import { ask, BrowserTab } from './browserTab';
import { FakeEngine, photoFor } from './fakeEngine';

export const LINE = {
  job: 'job1',
  kind: 'upscale',
  title: 'a.png',
  state: 'running',
  mine: true,
  begunAt: 0,
  progress: null,
};

const pathOf = (message: CallMessage): string => (message.params as { path: string }).path;

export const exportPath = (message: CallMessage): string =>
  (message.params as { order: { output: { path: string } } }).order.output.path;

/** The host of one test: its page, its engine, and what was uploaded last. */
export class HostUnderTest {
  page!: string;
  engine!: FakeEngine;
  host!: Host;
  uploaded: Buffer | undefined;

  async begin(): Promise<void> {
    this.page = await mkdtemp(join(tmpdir(), 'enlarger-page-'));
    await mkdir(join(this.page, 'assets'));
    await writeFile(join(this.page, 'index.html'), '<!doctype html><title>page</title>');
    await writeFile(join(this.page, 'assets/a-1234.js'), 'export {};');
    await writeFile(join(this.page, 'secret.txt'), 'not a part of the page');
    this.uploaded = undefined;
    this.engine = new FakeEngine({
      'photo:open': async (message) => {
        this.uploaded = await readFile(pathOf(message));
        return photoFor(message);
      },
      'photo:sample': photoFor,
      'method:export': async ({ params }) => {
        await writeFile((params as { path: string }).path, 'exported');
        return { ok: true, value: null };
      },
      'job:start': async (message) => {
        if (JSON.stringify(message.params).includes('photo-none'))
          return { ok: false, fault: { code: 'unknown-photo', message: 'Expected an open photo.' } };
        if ((message.params as { kind: string }).kind === 'upscale')
          await writeFile(exportPath(message), 'enlarged');
        const { title } = message.params as { title: string };
        return { ok: true, value: { ...LINE, title } };
      },
      'job:resume': ({ params }) => {
        const { job } = params as { job: string };
        return { ok: true, value: { ...LINE, job, title: 'b.png' } };
      },
    });
    this.host = await this.start();
  }

  async end(): Promise<void> {
    await this.host.close();
    await rm(this.page, { recursive: true });
  }

  /** Another host. No tab is given up for being slow, unless a test asks for it. */
  async start(more: Partial<HostOptions> = {}): Promise<Host> {
    return startHost({
      pageFiles: await readPageFiles(this.page),
      spawnEngine: this.engine.spawn,
      port: 0,
      version: '1.2.3',
      uploadBytesMax: 1000,
      pongWithinMs: 30_000,
      ...more,
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${this.host.port}`;
  }

  openTab(cookie: string): Promise<BrowserTab> {
    return BrowserTab.open(this.host.port, { cookie, origin: this.origin });
  }

  /** Uploads a photo as a tab does. */
  send(tabCookie: string, client: string, body: string | Uint8Array, name = 'a.png'): ReturnType<typeof ask> {
    return ask(this.host.port, `/photos?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: {
        cookie: tabCookie,
        origin: this.origin,
        'x-enlarger-client': client,
        'content-length': body.length,
      },
      body,
    });
  }
}

/** A host for each test of the file, closed after it. */
export function hostForEach(): HostUnderTest {
  const under = new HostUnderTest();
  beforeEach(() => under.begin());
  afterEach(() => under.end());
  return under;
}
