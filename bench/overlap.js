import { join } from 'node:path';
import { Engine } from './engine.js';
import { drawPhotograph } from './photographs.js';

const METHOD = { id: 'espcn' };

/**
 * What decoding and encoding cost beside inference: a batch of four JPEGs to PNG one after another (each
 * waits for the one before to be encoded) against two in flight. Below 1, they overlap.
 */
export async function measureOverlap(folder) {
  const sources = [];
  for (let i = 0; i < 4; i++) {
    sources.push(join(folder, `overlap-${i}.jpg`));
    await drawPhotograph(sources[i], 1200, 900);
  }
  const engine = new Engine(join(folder, 'home'));
  await engine.ready;
  const enlarge = async (path, name) => {
    const { photo } = await engine.open(path);
    await engine.job('upscale', {
      enlargement: { photo, method: METHOD, scale: 4, options: {} },
      encoding: { format: 'png' },
      output: { path: join(folder, `${name}.png`), overwrite: true },
    });
    await engine.call('photo:close', { photo });
  };
  const timed = async (run) => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  try {
    await enlarge(sources[0], 'overlap-warm');
    const inTurn = await timed(async () => {
      for (const [i, path] of sources.entries()) await enlarge(path, `overlap-turn-${i}`);
    });
    const twoInFlight = await timed(async () => {
      const waiting = sources.map((path, i) => [path, `overlap-flight-${i}`]);
      const worker = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await enlarge(...next);
      };
      await Promise.all([worker(), worker()]);
    });
    return [
      {
        inTurnMs: Math.round(inTurn),
        twoInFlightMs: Math.round(twoInFlight),
        ratio: Number((twoInFlight / inTurn).toFixed(2)),
      },
    ];
  } finally {
    await engine.close();
  }
}
