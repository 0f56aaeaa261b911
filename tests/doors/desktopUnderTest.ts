import { mkdirSync } from 'node:fs';
import type * as fs from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { ownFolder } from '../fixtures/ownFolder';
import { electronDouble, FakePort } from './electronDouble';

/**
 * The desktop's shell under test, with Electron's double in the place of Electron. src/main/index.ts looks for ../renderer
 * beside itself: that folder is the test's own.
 */
type Double = ReturnType<typeof electronDouble>;

/** The app's own folder, and Electron: fresh ones for each test. */
export let folder: string;
export let double: Double;

export async function start(argv: string[] = []): Promise<void> {
  vi.resetModules();
  vi.doMock('electron', () => double.electron);
  vi.doMock('node:fs/promises', async (original) => ({
    ...(await original<typeof fs>()),
    // The page is not built beside the sources.
    readdir: (path: string, options: object) =>
      readdir(path.includes('renderer') ? join(folder, 'page') : path, options as never),
  }));
  const before = process.argv;
  process.argv = ['enlarger', ...argv];
  await import('../../src/main/index');
  process.argv = before;
  await expect.poll(() => double.windows).toHaveLength(1);
}

/** The app is ended and started again. */
export async function startAgain(): Promise<void> {
  double.electron.app.emit('will-quit');
  double = electronDouble(folder);
  await start();
}

beforeEach(async () => {
  // Goes after the last test: the app that was ended in between may still be writing into it.
  folder = await ownFolder('main');
  mkdirSync(join(folder, 'page'));
  double = electronDouble(folder);
});
afterEach(() => {
  double.electron.app.emit('will-quit');
  vi.doUnmock('electron');
  vi.doUnmock('node:fs/promises');
});

export const window = () => double.windows[0]!;
export const engine = () => double.engines[0]!;
export const ourEvent = () => ({
  sender: window().webContents,
  senderFrame: window().webContents.mainFrame,
  ports: [] as FakePort[],
});
export function connect(): FakePort {
  const port = new FakePort();
  double.electron.ipcMain.emit('page:connect', { ...ourEvent(), ports: [port] });
  return port;
}
/** As Electron does it: what a handler throws rejects the sender's promise. */
export const openFiles = (files: unknown, event: object = ourEvent()): Promise<unknown> =>
  Promise.resolve().then(() =>
    double.electron.ipcMain.handlers.get('photos:open')!(event, { proof: proof(), files }),
  );

/** What the window told its preload script. */
export const proof = (): string => {
  const { webPreferences } = window().options as { webPreferences: { additionalArguments: string[] } };
  return webPreferences.additionalArguments[0]!.split('=')[1]!;
};
