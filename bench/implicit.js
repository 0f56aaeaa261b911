import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { Engine } from './engine.js';
import { drawPhotograph } from './photographs.js';
import { median } from './statistics.js';

const METHOD = 'liif';
/** What is enlarged: small, for the published formulation takes its time. */
const PHOTO = { width: 96, height: 80 };
const SCALES = [2, 3.7, 4];
/** Sides of the squares in which the published formulation is asked: 30,000 pixels as in its code; a cache's. */
const PUBLISHED_SIDES = [173, 32];

const resources = new URL('../resources/', import.meta.url);

/** Milliseconds of the enlarging stage by its progress events; the result is left at `output`. */
async function enlarge(engine, source, scale, output, name) {
  const times = [];
  const stop = engine.onEvent((event, at) => {
    if (event.event === 'job:progress' && event.stage === 'enlarge') times.push(at);
  });
  const { photo } = await engine.open(source);
  await engine.job('upscale', {
    enlargement: { photo, method: { id: METHOD }, scale, options: {} },
    device: 'cpu',
    encoding: { format: 'tiff', depth: 16 },
    output: { path: output, overwrite: true },
  });
  stop();
  await engine.call('photo:close', { photo });
  return times.at(-1) - times[0];
}

/** A child process of its own, so that neither has the other's threads beside it. */
async function runPublished(order) {
  const child = fork(new URL('publishedRuns.mjs', import.meta.url), { serialization: 'advanced' });
  child.send(order);
  const [answer] = await once(child, 'message');
  return answer;
}

/** Largest difference in steps of 8 bits, to 1/257 of which 16 bits round. */
async function largestDifference(path, published) {
  const { data } = await sharp(path)
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const ours = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const pixels = published.length / 3;
  let largest = 0;
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) {
      const wanted = Math.min(1, Math.max(0, published[c * pixels + i]));
      largest = Math.max(largest, Math.abs(ours[3 * i + c] / 65535 - wanted) * 255);
    }
  }
  return largest;
}

/**
 * LIIF in the engine against its published formulation, for the same pixels: features unfolded and the whole
 * MLP at four cells of every output pixel. Both run the same encoder. `ratio` is published / ours with as many
 * pixels at once as its authors' code takes, `ratioToItsBest` with the size that suits it best.
 * @returns rows, or a sentence where something needed is not there.
 */
export async function measureImplicit(folder, rounds, publishedPath) {
  const rows = [];
  for (const exact of [true, false]) {
    const found = await measureOne(folder, rounds, publishedPath, exact);
    if (typeof found === 'string') return found;
    rows.push(...found);
  }
  return rows;
}

/** `exact`: the decoder in float32, as published; otherwise as users have it on a CPU, in 8-bit integers. */
async function measureOne(folder, rounds, publishedPath, exact) {
  const manifestPath = new URL(`models/${METHOD}/manifest.json`, resources);
  if (!existsSync(manifestPath)) return `${METHOD} is not bundled.`;
  if (!publishedPath || !existsSync(publishedPath)) {
    return (
      `the published decoder ${publishedPath || '(--published FILE)'} is not there; write it with ` +
      `python -m training.export.published --method ${METHOD} --out FILE`
    );
  }
  const [encoder] = JSON.parse(readFileSync(manifestPath, 'utf8')).implicit.source;
  const encoderFolder = new URL(encoder.shared ? 'encoders/' : `models/${METHOD}/`, resources);
  const source = join(folder, 'implicit.png');
  const output = join(folder, 'implicit.tiff');
  await drawPhotograph(source, PHOTO.width, PHOTO.height);
  const engine = new Engine(join(folder, `home-${exact}`), exact ? { ENLARGER_EXACT: '1' } : {});
  const rows = [];
  try {
    await engine.ready;
    for (const scale of SCALES) {
      const order = {
        scale,
        photo: source,
        sides: PUBLISHED_SIDES,
        published: publishedPath,
        encoder: { path: new URL(encoder.file, encoderFolder).pathname, channels: encoder.channels },
      };
      await enlarge(engine, source, scale, output, `warm-up-${scale}`);
      const ratios = [];
      const toBest = [];
      const seconds = [];
      let difference = 0;
      for (let round = 0; round < rounds; round++) {
        const ours = await enlarge(engine, source, scale, output, `round-${scale}-${round}`);
        const { milliseconds, pixels } = await runPublished(order);
        ratios.push(milliseconds[0] / ours);
        toBest.push(Math.min(...milliseconds) / ours);
        seconds.push(ours / 1000 / (pixels.length / 3e6));
        difference = Math.max(difference, await largestDifference(output, pixels));
      }
      rows.push({
        ...{
          method: METHOD,
          arithmetic: exact ? 'float32' : 'int8',
          scale,
          ratio: Number(median(ratios).toFixed(2)),
        },
        lowest: Number(Math.min(...ratios).toFixed(2)),
        highest: Number(Math.max(...ratios).toFixed(2)),
        ratioToItsBest: Number(median(toBest).toFixed(2)),
        stepsOf8BitsApart: Number(difference.toFixed(4)),
        secondsPerMegapixel: Number(median(seconds).toFixed(1)),
      });
    }
    return rows;
  } finally {
    await engine.close();
  }
}
