import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileCase, messageCase, modelCases } from './cases.mjs';
import { FuzzedEngine } from './engine.mjs';
import { originals } from './originals.mjs';
import { randomOf } from './random.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
/** Models for one start of an engine. */
const MODELS_AT_ONCE = 25;
const KEPT_FAILURES = 20;

/**
 * Runs `count` cases of a seed against the built engine: of 10, 7 are pictures, 2 calls, 1 a model's folder.
 * @param {{ count: number, seed: number, entry?: string, onCase?: (done: number) => void }} given
 * @returns {Promise<{ files: number, messages: number, models: number, done: number, failures: string[], seconds: number }>}
 */
export async function fuzz({
  count,
  seed,
  entry = join(ROOT, 'out/engine/index.js'),
  onCase = () => undefined,
}) {
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'enlarger-fuzz-'));
  const scratch = join(folder, 'scratch');
  const env = { ENLARGER_HOME: join(folder, 'home'), ENLARGER_SCRATCH: scratch };
  const pictures = await originals();
  const photos = join(folder, 'files');
  await mkdir(photos);
  const counts = { files: 0, messages: 0, models: 0, done: 0 };
  /** @type {string[]} */
  const failures = [];
  const note = (
    /** @type {number} */ k,
    /** @type {{ what: string, failure?: string, done: boolean }} */ { what, failure, done },
  ) => {
    if (done) counts.done += 1;
    if (failure !== undefined && failures.length < KEPT_FAILURES)
      failures.push(`case ${k} (${what}): ${failure}`);
    onCase(k + 1);
  };
  let engine = new FuzzedEngine(entry, env);
  const models = Math.floor(count / 10);
  for (let k = 0; k < count - models; k++) {
    const place = { engine, folder: photos, random: randomOf(seed * 1_000_003 + k) };
    const isMessage = k % 9 >= 7;
    note(k, await (isMessage ? messageCase(place) : fileCase(place, pictures)));
    counts[isMessage ? 'messages' : 'files'] += 1;
    if (engine.ended !== undefined) engine = new FuzzedEngine(entry, env);
  }
  await engine.end();
  const model = join(ROOT, 'resources/models/fsrcnn');
  const picture = pictures.find(({ name }) => name === 'alpha.png').bytes;
  for (let done = 0; done < models; done += MODELS_AT_ONCE) {
    const some = Math.min(MODELS_AT_ONCE, models - done);
    const random = randomOf(seed * 1_000_003 + 500_000_000 + done);
    const results = await modelCases({ entry, env, folder, model, picture, count: some, random });
    results.forEach((result, k) => note(count - models + done + k, result));
    counts.models += some;
  }
  const left = await readdir(scratch).catch(() => []);
  if (left.length > 0) failures.push(`scratch folders stayed: ${left.join(', ')}`);
  await rm(folder, { recursive: true, force: true });
  return { ...counts, failures, seconds: (performance.now() - started) / 1000 };
}
