/** Measured figures of the bundled methods, docs/figures.json: `npm run figures` writes it, `npm run docs` reads it. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FIGURES = 'docs/figures.json';
export const MODELS = 'resources/models';
export const SETS = ['Set5', 'Set14', 'BSD100'];

/** The sum of a method's files but for its words and figures; `code` for one that has none. */
export async function sumOf(id) {
  const names = await readdir(join(MODELS, id)).catch(() => []);
  const files = names.filter((name) => /\.(onnx|bin)$/.test(name)).sort();
  if (files.length === 0) return 'code';
  const hash = createHash('sha256');
  for (const name of files) hash.update(name).update(await readFile(join(MODELS, id, name)));
  return hash.digest('hex').slice(0, 16);
}

/** By method, what was measured with the files that are bundled now; figures of others are left out. */
export async function readFigures() {
  const all = JSON.parse(await readFile(FIGURES, 'utf8').catch(() => '{}'));
  const own = [];
  for (const [id, known] of Object.entries(all)) if (known.sum === (await sumOf(id))) own.push([id, known]);
  return Object.fromEntries(own);
}

/** Written whole, so that a stop in the middle leaves what was there. */
export async function writeFigures(figures) {
  await writeFile(`${FIGURES}.new`, `${JSON.stringify(figures, null, 2)}\n`);
  await rename(`${FIGURES}.new`, FIGURES);
}

/** The figures of a method on a set at a scale (`x2`), beside what is written by now: others may measure meanwhile. */
export async function addFigures(id, set, scale, measured) {
  const figures = await readFigures();
  const { sets } = (figures[id] ??= { sum: await sumOf(id), sets: {} });
  sets[set] = { ...sets[set], [scale]: measured };
  await writeFigures(figures);
}
