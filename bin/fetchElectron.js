/**
 * Runs after `npm install`: fetches Electron's runtime, which npm itself does not, so that no start ever needs
 * the network. Never fails the installation: where the runtime cannot be had, `npm start` uses the browser.
 */
import { fetchElectron, findElectron } from './electronRuntime.js';

if (!process.env.ELECTRON_SKIP_BINARY_DOWNLOAD && findElectron() === undefined && !(await fetchElectron())) {
  console.error("Electron's runtime could not be fetched; npm start will use the browser instead.");
}
