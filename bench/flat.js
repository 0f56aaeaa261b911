/**
 * `npm run bench:flat`: how far each method is off on photos of one flat colour, in steps of 8 bits: the worst sample,
 * and the farthest mean of a channel. `--method ID,...` (all), `--scale N,...` (2,4,7.3), and `--json`.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import sharp from 'sharp';

const { values } = parseArgs({
  options: {
    method: { type: 'string' },
    scale: { type: 'string', default: '2,4,7.3' },
    json: { type: 'boolean', default: false },
  },
});
/** Of 0 to 255; the first three are without colour, which runs as grey. */
const COLOURS = {
  white: [255, 255, 255],
  black: [0, 0, 0],
  grey: [128, 128, 128],
  skin: [204, 153, 128],
  sky: [90, 140, 210],
  red: [230, 50, 25],
  green: [0, 255, 0],
  violet: [64, 0, 255],
};
const SIDE = 48;
const ENLARGER = new URL('../bin/enlarger.js', import.meta.url).pathname;
const run = promisify(execFile);

const folder = await mkdtemp(join(tmpdir(), 'enlarger-flat-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const env = {
  ...process.env,
  ENLARGER_HOME: join(folder, 'home'),
  ENLARGER_SCRATCH: join(folder, 'scratch'),
};
const enlarger = (...args) => run(process.execPath, [ENLARGER, ...args], { env });

await mkdir(join(folder, 'flat'));
for (const [name, [r, g, b]] of Object.entries(COLOURS)) {
  const background = { r, g, b };
  await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } }).toFile(
    join(folder, 'flat', `${name}.png`),
  );
}

/** The worst sample and the farthest mean of a channel, in steps of 8 bits, of a file of 16. */
async function offOf(path, colour) {
  const { data } = await sharp(path).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer({
    resolveWithObject: true,
  });
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const sums = [0, 0, 0];
  let worst = 0;
  samples.forEach((value, i) => {
    const off = value / 257 - colour[i % 3];
    sums[i % 3] += off;
    worst = Math.max(worst, Math.abs(off));
  });
  return { worst, mean: Math.max(...sums.map((sum) => Math.abs(sum) / (samples.length / 3))) };
}

const cards = JSON.parse((await enlarger('methods', '--json')).stdout);
const asked = values.method?.split(',') ?? cards.map(({ id }) => id);
const scales = values.scale.split(',').map(Number);
const found = [];
for (const id of asked) {
  for (const scale of scales) {
    const out = join(folder, `${id}-${scale}`);
    const order = ['--method', id, '--scale', String(scale), '--depth', '16', '--format', 'png', '--quiet'];
    await enlarger('upscale', join(folder, 'flat'), '-o', out, ...order, '--name', '{name}');
    const each = await Promise.all(
      Object.entries(COLOURS).map(async ([name, colour]) => ({
        name,
        ...(await offOf(join(out, `${name}.png`), colour)),
      })),
    );
    const by = (of) => each.reduce((most, one) => (one[of] > most[of] ? one : most));
    const [worst, mean] = [by('worst'), by('mean')];
    found.push({ method: id, scale, worst: worst.worst, at: worst.name, mean: mean.mean, meanAt: mean.name });
    if (!values.json)
      console.log(
        `${id.padEnd(22)} x${String(scale).padEnd(4)} worst ${worst.worst.toFixed(2)} (${worst.name}), mean ${mean.mean.toFixed(2)} (${mean.name})`,
      );
  }
}
if (values.json) console.log(JSON.stringify(found));
