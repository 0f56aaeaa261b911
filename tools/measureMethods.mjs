/**
 * Measures every bundled method on the benchmark sets with `enlarger evaluate`, into docs/figures.json, from which
 * `npm run docs` makes the tables: `npm run figures -- --data DIR`, where DIR holds Set5, Set14 and BSD100.
 * What is measured already is left as it is, unless the method's files are others since; so it can be stopped at any
 * time and goes on. `--method ID,ID`, `--set NAME,NAME` and `--scale N,N` measure a part. LPIPS is written where it is
 * installed.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { addFigures, readFigures, SETS } from './figures.mjs';

const SCALES = [2, 3, 4];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    method: { type: 'string' },
    set: { type: 'string' },
    scale: { type: 'string' },
  },
});
if (values.data === undefined) {
  console.error('Expected --data DIR, the folder that holds Set5, Set14 and BSD100.');
  process.exit(2);
}

const enlarger = async (...call) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/enlarger.js', ...call, '--json'], {
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout);
};

const hasScale = ({ scales }, scale) =>
  Array.isArray(scales) ? scales.includes(scale) : scale >= scales.min && scale <= scales.max;

const figures = await readFigures();
const methods = (await enlarger('methods')).filter(({ origin }) => origin === 'bundled');
const chosen = values.method?.split(',') ?? methods.map(({ id }) => id);
const sets = values.set?.split(',') ?? SETS;
const scales = values.scale?.split(',').map(Number) ?? SCALES;

for (const set of sets) {
  for (const method of methods.filter(({ id }) => chosen.includes(id))) {
    const known = figures[method.id]?.sets[set];
    // A scale at a time, each written as soon as it is there: a set of a slow method takes hours.
    for (const scale of scales.filter((one) => hasScale(method, one) && !known?.[`x${one}`])) {
      const call = ['--dataset', join(values.data, set), '--scale', String(scale), '--method', method.id];
      const { results } = await enlarger('evaluate', ...call);
      const [{ n, mean, deviation, seconds }] = results;
      const rounded = (value, digits) => (value === null ? null : Number(value.toFixed(digits)));
      await addFigures(method.id, set, `x${scale}`, {
        n,
        psnrY: rounded(mean.psnrY, 3),
        psnrYDeviation: rounded(deviation.psnrY, 3),
        ssimY: rounded(mean.ssimY, 4),
        consistency: rounded(mean.consistency, 2),
        ...(mean.lpips !== null && { lpips: rounded(mean.lpips, 4) }),
      });
      console.log(`${set} x${scale} ${method.id}: ${mean.psnrY.toFixed(2)} dB, ${seconds.toFixed(1)} s`);
    }
  }
}
