import { Engine } from './engine.js';
import { join } from 'node:path';
import { drawPhotograph } from './photographs.js';
import { median } from './statistics.js';

const TILE = 512;

/** Milliseconds from `photo:open` to the first enlarged tile, in the middle of what a fitted window shows at x2. */
async function openToTile(engine, path, method) {
  const start = performance.now();
  const { photo } = await engine.open(path);
  const arrived = new Promise((resolve, reject) => {
    const stop = engine.onEvent((event, at) => {
      if (event.event === 'view:failed') reject(new Error(event.fault.message));
      if (event.event !== 'view:tile') return;
      stop();
      resolve(at - start);
    });
  });
  await engine.call('view:want', {
    revision: 1,
    display: 'srgb',
    layers: [
      {
        enlargement: { photo, method: { id: method }, scale: 2, options: {} },
        shows: 'enlargement',
      },
    ],
    tiles: [{ layer: 0, x: TILE, y: TILE, width: TILE, height: TILE }],
  });
  await engine.call('view:grant', { tiles: 1 });
  const milliseconds = await arrived;
  await engine.call('photo:close', { photo });
  return milliseconds;
}

/**
 * Time to the first sharp tile of a 12-megapixel JPEG: cold (from the start of the process) and warm
 * (engine and method have run before, the photo is new).
 */
export async function measureFirstTile(folder, rounds) {
  const path = join(folder, 'twelve-megapixels.jpg');
  await drawPhotograph(path, 4000, 3000);
  const rows = [];
  for (const method of ['bicubic', 'espcn', 'fsrcnn']) {
    const cold = [];
    const warm = [];
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      const engine = new Engine(join(folder, 'home'));
      try {
        await engine.ready;
        const started = performance.now() - start;
        cold.push(started + (await openToTile(engine, path, method)));
        for (let i = 0; i < 3; i++) warm.push(await openToTile(engine, path, method));
      } finally {
        await engine.close();
      }
    }
    rows.push({ method, coldMs: Math.round(median(cold)), warmMs: Math.round(median(warm)) });
  }
  return rows;
}
