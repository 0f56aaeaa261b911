/**
 * `node tools/drawIcon.mjs` draws the program's icon, resources/icons/icon.png (1024 x 1024), from the
 * page's own mark with the margin that systems expect; electron-builder makes each system's formats of it.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const SIDE = 1024;
const MARGIN = 64;
const place = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const side = SIDE - 2 * MARGIN;
const margin = { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN };
await mkdir(place('resources/icons'), { recursive: true });
await sharp(place('src/renderer/public/icon.svg'), { density: 72 * (side / 64) })
  .resize(side, side)
  .extend({ ...margin, background: { r: 0, g: 0, b: 0, alpha: 0 } })
  .png({ palette: true })
  .toFile(place('resources/icons/icon.png'));
