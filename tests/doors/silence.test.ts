import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhotoInfo } from '../../src/shared/contract';
import type { Result } from '../../src/shared/faults';
import { BUILD } from '../cli/enlargerProcess';
import { writePicture } from '../cli/pictures';
import { ask, BrowserTab, enter } from './browserTab';
import { HAS_STRACE, WatchedRun } from './watchedRun';

/**
 * "Nothing leaves the machine", for each door as it is built and with a network at work: where strace is here,
 * every call to the system is looked at; elsewhere the JavaScript's connections and the folders alone, which
 * the names of the tests then say.
 */
const how = HAS_STRACE ? 'seen by strace' : 'seen in JavaScript and in the folders; strace is not here';

/** Where the state lies in a home folder, as src/engine/state/configFolder.ts has it. */
const OWN_FOLDER = { win32: ['AppData', 'Enlarger'], darwin: ['Library', 'Application Support', 'Enlarger'] }[
  process.platform as string
] ?? ['.config', 'enlarger'];

let run: WatchedRun;
let photo: string;
beforeEach(async () => {
  run = new WatchedRun();
  photo = join(run.outputs, 'photo.png');
  await writePicture(photo, 61, 47);
});
afterEach(() => run.remove());

function text(stream: ChildProcess['stdout']): { readonly said: string } {
  const heard = { said: '' };
  stream?.on('data', (chunk: Buffer) => (heard.said += chunk.toString()));
  return heard;
}

function expectSilence(): void {
  expect(run.refused).toEqual([]);
  // State that is Enlarger's own, and nothing in the cache or the folder for temporary files.
  expect(run.left()).toEqual([join('home', ...OWN_FOLDER, 'state.json')]);
  if (!HAS_STRACE) return;
  expect(run.remoteCalls).toEqual([]);
  expect(run.boundElsewhere).toEqual([]);
  expect(run.writtenElsewhere).toEqual([]);
}

describe(`nothing leaves the machine (${how})`, () => {
  it('by the terminal', async () => {
    const output = join(run.outputs, 'out.png');
    const args = ['upscale', photo, '-o', output, '--method', 'fsrcnn', '--scale', '2'];
    const child = run.start([join(BUILD, 'cli/index.js'), ...args]);
    const errors = text(child.stderr);
    const [status] = (await once(child, 'close')) as [number];
    expect([status, errors.said]).toEqual([0, expect.any(String)]);
    expect(existsSync(output)).toBe(true);
    expectSilence();
  });

  it('by the browser', async () => {
    const child = run.start([join(BUILD, 'host/index.js'), '--no-open']);
    const ended = once(child, 'close');
    const output = text(child.stdout);
    await expect.poll(() => output.said).toMatch(/\n$/);
    const address = output.said.trim();
    const { port, origin } = new URL(address);
    const cookie = await enter(address);
    const tab = await BrowserTab.open(Number(port), { cookie, origin });
    const bytes = readFileSync(photo);
    const headers = { cookie, origin, 'x-enlarger-client': await tab.client() };
    const upload = { method: 'POST', headers: { ...headers, 'content-length': bytes.length }, body: bytes };
    const sent = await ask(Number(port), '/photos?name=photo.png', upload);
    const opened = JSON.parse(sent.body) as Result<PhotoInfo>;
    if (!opened.ok) throw new Error(opened.fault.message);
    const enlargement = { photo: opened.value.photo, method: { id: 'fsrcnn' }, scale: 2, options: {} };
    const layers = [{ enlargement, shows: 'enlargement' }];
    const tiles = [{ layer: 0, x: 0, y: 0, width: 64, height: 64 }];
    await tab.call('view:grant', { tiles: 1 });
    await tab.call('view:want', { revision: 1, display: 'srgb', layers, tiles });
    let event: { event?: string } = {};
    while (event.event !== 'view:tile') event = (await tab.event()) as typeof event;
    tab.socket.close();
    child.stdin?.end(); // the host ends with its parent
    expect((await ended)[0]).toBe(0);
    expectSilence();
  });

  it("by the desktop's engine", async () => {
    const output = join(run.outputs, 'out.png');
    const script = resolve(import.meta.dirname, 'desktopRun.mjs');
    const child = run.start([script, join(BUILD, 'engine/index.js'), photo, output]);
    const [said, errors] = [text(child.stdout), text(child.stderr)];
    const [status] = (await once(child, 'close')) as [number];
    expect([status, errors.said]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(said.said)).toMatchObject({ width: 122, height: 94 });
    expect(readdirSync(run.outputs).sort()).toEqual(['out.png', 'photo.png']);
    expectSilence();
  });
});
