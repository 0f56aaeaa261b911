import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobLine, PhotoInfo } from '../../src/shared/contract';
import { valueOf, type Result } from '../../src/shared/faults';
import { BUILD } from '../cli/enlargerProcess';
import { BrowserTab, ask, enter } from './browserTab';

/** The built host, killed without a word in the middle of an export: what its engine was at is not lost. */
/** Enough tiles after the first that the kill comes in the middle. */
const WIDTH = 720;
const HEIGHT = 540;
let folder: string;
let photo: Buffer;
const hosts: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-host-killed-'));
  mkdirSync(join(folder, 'tmp'));
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 7 + (i >> 9) * 13) & 255;
  photo = await sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
});
afterAll(() => {
  for (const host of hosts) host.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Page {
  readonly host: ChildProcess;
  readonly tab: BrowserTab;
  /** Sends the photo, and orders an enlargement of it. */
  order(): Promise<JobLine>;
  /** Tokens of the photos that were sent. */
  readonly sent: string[];
  /** Waits for a job's end and fetches its file. */
  fetched(job: string): Promise<Buffer>;
}

/** A host of this test's own folders, and a page of it. */
async function openPage(): Promise<Page> {
  const host = spawn(process.execPath, [join(BUILD, 'host/index.js'), '--no-open'], {
    env: {
      ...process.env,
      ENLARGER_HOME: join(folder, 'home'),
      ENLARGER_SCRATCH: '', // none: below the folder for temporary files, where the host's is too
      TMPDIR: join(folder, 'tmp'),
      ENLARGER_MARK_MS: '0', // with every tile: on a fast machine all would be made before the first mark
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  hosts.push(host);
  const [said] = (await once(host.stdout, 'data')) as [Buffer];
  const address = said.toString().trim();
  const { port, origin } = new URL(address);
  const cookie = await enter(address);
  const tab = await BrowserTab.open(Number(port), { cookie, origin });
  const call = async <T>(name: string, params: unknown): Promise<T> =>
    valueOf((await tab.call(name, params)) as Result<T>);
  const tokens: string[] = [];
  return {
    host,
    tab,
    sent: tokens,
    async order() {
      const headers = { cookie, origin, 'x-enlarger-client': await tab.client() };
      const sent = await ask(Number(port), '/photos?name=photo.png', {
        method: 'POST',
        headers: { ...headers, 'content-length': photo.length },
        body: photo,
      });
      const { photo: token } = valueOf(JSON.parse(sent.body) as Result<PhotoInfo>);
      tokens.push(token);
      const enlargement = { photo: token, method: { id: 'srcnn' }, scale: 2, options: {} };
      const order = { enlargement, device: 'cpu', encoding: { format: 'png' } };
      return call<JobLine>('door:export', { order, suggestedName: 'photo-x2.png' });
    },
    async fetched(job) {
      let event: { event?: string; line?: JobLine } = {};
      while (event.event !== 'job:ended' || event.line?.job !== job)
        event = (await tab.event()) as typeof event;
      expect(event.line.fault).toBeUndefined();
      const { download } = await call<{ download: string }>('door:collect', { job });
      const response = await fetch(new URL(download, address), { headers: { cookie } });
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

const journalOf = (job: string): string => {
  const path = join(folder, 'home/jobs', job, 'journal');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

/** What the hosts wrote of their tabs. */
const tabsIn = (place: string): string =>
  readdirSync(join(place, 'tmp'), { recursive: true, encoding: 'utf8' })
    .filter((name) => basename(name).startsWith('.tab-') && !name.endsWith('.new'))
    .map((name) => readFileSync(join(place, 'tmp', name), 'utf8'))
    .join('\n');

/** Processes whose parent is the given one, and that run; none where there is no such list. */
const childrenOf = (pid: number): number[] =>
  spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .stdout.split(/\s+/)
    .filter(Boolean)
    .map(Number);

const isRunning = (pid: number): boolean => {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
};

it.skipIf(process.platform !== 'linux')(
  'an export is offered by the next host, and ends as the same file; its page has its photos there; nothing of the killed one stays (needs ps of Linux)',
  async () => {
    const first = await openPage();
    const whole = await first.fetched((await first.order()).job);
    expect((await sharp(whole).metadata()).width).toBe(2 * WIDTH);
    const { job } = await first.order();
    await expect.poll(() => journalOf(job).includes('"mark":"tiles"'), { interval: 5 }).toBe(true);
    const snapshot = { photos: first.sent };
    valueOf(await first.tab.call('session:write', { snapshot }));
    await expect.poll(() => tabsIn(folder)).toContain(JSON.stringify(snapshot));
    const engines = childrenOf(first.host.pid!);
    expect(engines.length).toBeGreaterThan(0);
    const gone = once(first.host, 'exit');
    first.host.kill('SIGKILL');
    await gone;
    await expect.poll(() => engines.filter(isRunning)).toEqual([]);
    expect(journalOf(job)).not.toContain('"record":"ended"'); // it was in the middle

    // Another port is another place to a browser: the page comes without a word of its tab.
    const next = await openPage();
    expect(await next.tab.call('session:read', {})).toMatchObject({ value: { snapshot } });
    for (const photo of first.sent)
      expect(await next.tab.call('photo:reopen', { photo })).toMatchObject({
        value: { photo, width: WIDTH, height: HEIGHT },
      });
    const [line] = valueOf((await next.tab.call('jobs:list', {})) as Result<JobLine[]>);
    expect(line).toMatchObject({ job, state: 'broken', title: 'photo-x2.png' });
    expect(line!.progress!.done).toBeGreaterThan(0);
    valueOf(await next.tab.call('door:resume', { job }));
    expect((await next.fetched(job)).equals(whole)).toBe(true);
    next.tab.socket.close();
    const ended = once(next.host, 'exit');
    next.host.stdin!.end();
    await ended;
    expect(readdirSync(join(folder, 'home/jobs'))).toEqual(['engines']);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  },
);
