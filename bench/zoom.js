import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from './engine.js';
import { drawPhotograph } from './photographs.js';
import { processorSeconds } from './processes.js';
import { median } from './statistics.js';

/** Measured where none is named. */
const METHOD = 'enlarger-fast';
const TILE = 512;
/** A window of 1,200 x 800 pixels. */
const WINDOW = { width: 1200, height: 800 };
const PHOTO = { width: 4000, height: 3000 };
/** The first look makes the features; the zooms after it stay inside it. */
const SCALES = [2, 2.7, 3.9, 6.2, 11, 19, 30];

/** The tiles of a fixed grid that the window shows around the photo's middle, the middle ones first. */
function tilesAt(scale) {
  const tiles = [];
  const middle = { x: (PHOTO.width * scale) / 2, y: (PHOTO.height * scale) / 2 };
  const first = (at, length) => Math.floor((at - length / 2) / TILE);
  for (let row = first(middle.y, WINDOW.height); row * TILE < middle.y + WINDOW.height / 2; row++)
    for (let column = first(middle.x, WINDOW.width); column * TILE < middle.x + WINDOW.width / 2; column++)
      tiles.push({ layer: 0, x: column * TILE, y: row * TILE, width: TILE, height: TILE });
  const far = ({ x, y }) => Math.hypot(x + TILE / 2 - middle.x, y + TILE / 2 - middle.y);
  return tiles.sort((a, b) => far(a) - far(b));
}

/** The engine's processor milliseconds so far; where they are not known (Linux alone tells), none. */
const processorMs = ({ child }) => (process.platform === 'linux' ? 1000 * processorSeconds(child.pid) : NaN);

/** Milliseconds until the first and the last tile of a view, and those of the processor. */
async function showAll(engine, photo, method, revision, scale) {
  const tiles = tilesAt(scale);
  // A page has said long before how many tiles it can take.
  await engine.call('view:grant', { tiles: tiles.length });
  const start = performance.now();
  const spentBefore = processorMs(engine);
  const times = [];
  const arrived = new Promise((resolve, reject) => {
    const stop = engine.onEvent((event, at) => {
      if (event.revision !== revision) return;
      if (event.event === 'view:failed') reject(new Error(event.fault.message));
      if (event.event !== 'view:tile') return;
      times.push(at - start);
      if (times.length < tiles.length) return;
      stop();
      resolve();
    });
  });
  await engine.call('view:want', {
    revision,
    display: 'srgb',
    layers: [
      {
        enlargement: { photo, method: { id: method }, scale, options: {} },
        shows: 'enlargement',
      },
    ],
    tiles,
  });
  await arrived;
  const spentMs = processorMs(engine) - spentBefore;
  return { tiles: tiles.length, firstMs: times[0], allMs: times.at(-1), spentMs };
}

/**
 * A window on a 12-megapixel photo that zooms in: milliseconds to its first and to all of its tiles, and those of the
 * processor, which other programs change less. At the
 * first scale features have to be made; from then on they are there.
 * @returns rows, or a sentence where the method is not bundled.
 */
export async function measureZoom(folder, rounds, [method = METHOD]) {
  if (!existsSync(new URL(`../resources/models/${method}/manifest.json`, import.meta.url)))
    return `${method} is not bundled.`;
  const path = join(folder, 'zoom.png');
  await drawPhotograph(path, PHOTO.width, PHOTO.height);
  const engine = new Engine(join(folder, 'home'));
  const runs = SCALES.map(() => []);
  try {
    await engine.ready;
    let revision = 0;
    for (let round = 0; round < rounds; round++) {
      const { photo } = await engine.open(path);
      for (const [k, scale] of SCALES.entries())
        runs[k].push(await showAll(engine, photo, method, ++revision, scale));
      await engine.call('photo:close', { photo });
    }
  } finally {
    await engine.close();
  }
  return SCALES.map((scale, k) => ({
    method,
    scale,
    features: k === 0 ? 'made' : 'there',
    tiles: runs[k][0].tiles,
    firstTileMs: Math.round(median(runs[k].map(({ firstMs }) => firstMs))),
    allTilesMs: Math.round(median(runs[k].map(({ allMs }) => allMs))),
    processorMs: Math.round(median(runs[k].map(({ spentMs }) => spentMs))),
  }));
}
