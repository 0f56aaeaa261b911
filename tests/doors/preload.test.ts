import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.doUnmock('electron');
  vi.unstubAllGlobals();
});

it('gives the page two functions and one port, and keeps paths from it', async () => {
  const exposed = new Map<string, unknown>();
  const invoke = vi.fn(() => Promise.resolve(['first', 'second']));
  const toShell = vi.fn();
  const toPage = vi.fn();
  let loaded: () => void = () => undefined;
  vi.stubGlobal('window', {
    location: { origin: 'enlarger://app' },
    addEventListener: (_type: string, listener: () => void) => (loaded = listener),
    postMessage: toPage,
  });
  vi.doMock('electron', () => ({
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => exposed.set(name, value) },
    ipcRenderer: { invoke, postMessage: toShell },
    webUtils: { getPathForFile: (file: File) => (file.name === 'dropped.jpg' ? '/photos/dropped.jpg' : '') },
  }));
  vi.stubGlobal('process', { ...process, argv: ['electron', '--enlarger-proof=told-to-the-preload'] });
  await import('../../src/preload/index');

  expect([...exposed.keys()]).toEqual(['enlargerShell']);
  const shell = exposed.get('enlargerShell') as {
    openFiles(files: File[]): Promise<unknown[]>;
    offerModel(file: File): Promise<unknown>;
  };
  expect(Object.keys(shell)).toEqual(['openFiles', 'offerModel']);
  const files = [new File(['a'], 'dropped.jpg'), new File([new Uint8Array([7])], 'image.png')];
  expect(await shell.openFiles(files)).toEqual(['first', 'second']);
  expect(invoke).toHaveBeenCalledWith('photos:open', {
    proof: 'told-to-the-preload',
    files: [{ path: '/photos/dropped.jpg' }, { bytes: new Uint8Array([7]), name: 'image.png' }],
  });

  await shell.offerModel(files[0]!);
  expect(invoke).toHaveBeenLastCalledWith('models:offer', {
    proof: 'told-to-the-preload',
    files: [{ path: '/photos/dropped.jpg' }],
  });

  expect(toShell).not.toHaveBeenCalled();
  loaded();
  expect(toShell).toHaveBeenCalledWith('page:connect', null, [expect.any(MessagePort)]);
  expect(toPage).toHaveBeenCalledWith({ enlarger: 'port' }, 'enlarger://app', [expect.any(MessagePort)]);
  for (const [, , ports] of [...toShell.mock.calls, ...toPage.mock.calls]) {
    (ports as { close(): void }[])[0]!.close();
  }
});
