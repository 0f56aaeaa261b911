import { fetchDownload } from './fetchDownload';

/** Long enough for a save dialog to have read the text, milliseconds. */
const KEPT_MS = 60_000;

/**
 * Lets the user save a text that the page itself made, of a MIME type: a browser downloads it, the desktop asks
 * where.
 */
export function saveText(name: string, text: string, type = 'text/plain;charset=utf-8'): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  fetchDownload(address, name);
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
