import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { PageShell } from '../shared/contract';

/** The page's window as far as the preload needs it; this room is checked without the DOM's types. */
declare const window: {
  readonly location: { readonly origin: string };
  addEventListener(type: 'DOMContentLoaded', listener: () => void, options: { once: true }): void;
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

type ShellFile = { path: string } | { bytes: Uint8Array; name: string };

/** What this window's preload alone was told, so that the shell takes paths from here and nowhere else. */
const PROOF = process.argv.find((argument) => argument.startsWith('--enlarger-proof='))?.split('=')[1] ?? '';

/** A file's path stays between here and the shell; a picture that has none, a pasted one, goes as bytes. */
async function shellFileOf(file: File): Promise<ShellFile> {
  const path = webUtils.getPathForFile(file);
  if (path !== '') return { path };
  return { bytes: new Uint8Array(await file.arrayBuffer()), name: file.name.slice(0, 255) };
}

const shell: PageShell = {
  openFiles: async (files) =>
    (await ipcRenderer.invoke('photos:open', {
      proof: PROOF,
      files: await Promise.all(files.map(shellFileOf)),
    })) as unknown[],
  offerModel: async (file) =>
    (await ipcRenderer.invoke('models:offer', {
      proof: PROOF,
      files: [await shellFileOf(file)],
    })) as unknown,
};
contextBridge.exposeInMainWorld('enlargerShell', shell);

// By then the page's modules have run, so that it listens.
window.addEventListener(
  'DOMContentLoaded',
  () => {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage('page:connect', null, [port1]);
    window.postMessage({ enlarger: 'port' }, window.location.origin, [port2]);
  },
  { once: true },
);
