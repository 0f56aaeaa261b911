import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FuzzedEngine } from './engine.mjs';
import { mutate } from './mutators.mjs';

/** @typedef {{ engine: FuzzedEngine, folder: string, random: import('./random.mjs').Random }} Place */

const FORMATS = ['png', 'jpeg', 'webp', 'avif', 'tiff'];
/** What no input may lead to: these are ours, and not the file's. */
const OURS = new Set(['internal', 'ended', 'hang', 'bad-message', 'engine-lost']);

/** Why a result is a failure of ours; undefined: done, or refused in a sentence. @param {any} result */
function failureOf(result, allowed = new Set()) {
  if (result.ok) return undefined;
  const { code, message } = result.fault;
  if (OURS.has(code) && !allowed.has(code)) return `${code}: ${message} ${result.fault.detail ?? ''}`;
  if (/\n\s+at |node:internal|\[object/.test(message)) return `a stack trace: ${message}`;
  return message.length > 0 ? undefined : 'a fault without a sentence';
}

const order = (
  /** @type {string} */ photo,
  /** @type {string} */ id,
  /** @type {string} */ format,
  /** @type {string} */ path,
) => ({
  enlargement: { photo, method: { id }, scale: 2, options: {} },
  encoding: { format },
  output: { path, overwrite: false },
});

/** Enlarges a file into the place's folder, and says what went wrong on our side. @param {Place} place */
async function enlarge(
  { engine, folder },
  /** @type {string} */ path,
  /** @type {string} */ id,
  /** @type {string} */ format,
) {
  const opened = await engine.call('photo:open', { photo: 'photo-1', path });
  if (!opened.ok) return { failure: failureOf(opened), done: false };
  const { photo } = opened.value;
  const output = join(folder, `out.${format}`);
  const done = await engine.job('upscale', order(photo, id, format, output));
  await engine.call('photo:close', { photo });
  const left = (await readdir(folder)).filter((name) => name !== basename(path));
  await rm(output, { force: true });
  const expected = done.ok ? [basename(output)] : [];
  if (left.join() !== expected.join()) return { failure: `left behind: ${left.join(', ')}`, done: false };
  return { failure: failureOf(done), done: Boolean(done.ok) };
}

/** A damaged picture, enlarged. @param {Place} place @param {{ name: string, bytes: Buffer }[]} originals */
export async function fileCase(place, originals) {
  const { folder, random } = place;
  const { name, bytes } = random.of(originals);
  const damaged = mutate(bytes, random);
  const format = random.of(FORMATS);
  const path = join(folder, name);
  await writeFile(path, damaged.bytes);
  const { failure, done } = await enlarge(place, path, 'bicubic', format);
  // Whatever became of it: the next case is not to be blamed, and the seed makes this one again.
  await rm(path, { force: true });
  return { what: `${name} to ${format} after ${damaged.names.join(', ')}`, failure, done };
}

const VALUES = [
  null,
  true,
  -1,
  0,
  0.5,
  1e308,
  NaN,
  '',
  'a',
  '../../etc/passwd',
  'x'.repeat(100_000),
  [],
  {},
  [[[]]],
  { __proto__: null, constructor: 1 },
  new Uint8Array(3),
];
const NAMES = [
  'photo',
  'path',
  'view',
  'tiles',
  'layers',
  'job',
  'kind',
  'order',
  'enlargement',
  'method',
  'scale',
  'options',
  'encoding',
  'output',
  'revision',
  'display',
  'name',
  '__proto__',
];
const CALLS = [
  'photo:open',
  'photo:close',
  'photo:sample',
  'view:want',
  'view:grant',
  'view:close',
  'job:start',
  'job:resume',
  'job:drop',
  'jobs:list',
  'job:stop',
  'job:metrics',
  'settings:read',
  'settings:write',
  'methods:list',
  'constructor',
  'nothing:here',
  '',
];

/** A call whose parameters are nonsense. @param {Place} place */
export async function messageCase({ engine, random }) {
  const call = random.of(CALLS);
  /** @returns {unknown} */
  const value = (/** @type {number} */ depth) => {
    if (depth === 0 || random.below(2) === 0) return random.of(VALUES);
    return Object.fromEntries(
      Array.from({ length: random.below(6) }, () => [random.of(NAMES), value(depth - 1)]),
    );
  };
  const result = await engine.call(call, value(3));
  return {
    what: `the call ${call}`,
    failure: failureOf(result, new Set(['bad-message'])),
    done: Boolean(result.ok),
  };
}

/**
 * Folders of models, damaged: an engine starts with all of them and runs those that it takes.
 * @param {{ entry: string, env: NodeJS.ProcessEnv, folder: string, model: string, picture: Buffer, count: number, random: import('./random.mjs').Random }} given
 */
export async function modelCases({ entry, env, folder, model, picture, count, random }) {
  const models = join(folder, 'resources', 'models');
  /** @type {string[]} */
  const told = [];
  for (let k = 0; k < count; k++) {
    const id = `model-${k}`;
    await mkdir(join(models, id), { recursive: true });
    const manifest = JSON.parse(await readFile(join(model, 'manifest.json'), 'utf8'));
    const file = manifest.files.find((/** @type {any} */ one) => one.scale === 2);
    let graph = await readFile(join(model, file.file));
    let names = ['manifest'];
    if (random.below(3) > 0) {
      const damaged = mutate(graph, random);
      graph = damaged.bytes;
      names = damaged.names;
      // With the sum of what it is now, so that the damage reaches the runtime.
      file.sha256 = createHash('sha256').update(graph).digest('hex');
    }
    let text = Buffer.from(JSON.stringify({ ...manifest, id, files: [file], scales: [2] }));
    if (names[0] === 'manifest') text = mutate(text, random).bytes;
    await writeFile(join(models, id, file.file), graph);
    await writeFile(join(models, id, 'manifest.json'), text);
    told.push(`${id} after ${names.join(', ')}`);
  }
  const place = {
    engine: new FuzzedEngine(entry, env, join(folder, 'resources')),
    folder: join(folder, 'photos'),
    random,
  };
  await mkdir(place.folder, { recursive: true });
  const path = join(place.folder, 'photo.png');
  await writeFile(path, picture);
  const results = [];
  const listed = await place.engine.call('methods:list', {});
  const there = new Set(listed.ok ? listed.value.map((/** @type {any} */ { id }) => id) : []);
  const start = failureOf(listed);
  for (let k = 0; k < count; k++) {
    const runs = start === undefined && there.has(`model-${k}`);
    const { failure, done } = runs
      ? await enlarge(place, path, `model-${k}`, 'png')
      : { failure: start, done: false };
    results.push({ what: told[k], failure, done });
    if (place.engine.ended !== undefined) {
      place.engine = new FuzzedEngine(entry, env, join(folder, 'resources'));
    }
  }
  await place.engine.end();
  await rm(join(folder, 'resources'), { recursive: true });
  await rm(place.folder, { recursive: true });
  return results;
}
