import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The rules of `npm run rooms` on a small project of their own in which each is broken once. */

const root = resolve(import.meta.dirname, '../..');

/** What breaks a rule: the file, what it imports, and the rule that must say so. */
const PLANTED = [
  ['src/engine/kernels/clock.ts', 'node:fs', 'kernels-are-pure'],
  ['src/engine/kernels/checked.ts', 'valibot', 'kernels-are-pure'],
  ['src/engine/kernels/remembers.ts', '../state/store', 'kernels-are-pure'],
  ['src/engine/runtime/second.ts', 'onnxruntime-node', 'onnxruntime-has-one-importer'],
  ['src/engine/jobs/third.ts', 'onnxruntime-node', 'onnxruntime-has-one-importer'],
  ['src/engine/methods/reads.ts', 'sharp', 'sharp-only-in-codec'],
  ['src/renderer/panels/Direct.ts', '../../engine/state/store', 'renderer-imports-itself-and-shared'],
  ['src/renderer/panels/TypeOnly.ts', 'type ../../engine/state/store', 'renderer-imports-itself-and-shared'],
  ['src/host/shortcut.ts', '../engine/state/store', 'host-imports-itself-and-shared'],
  ['src/renderer/document/reactive.ts', 'vue', 'document-is-pure'],
  ['src/renderer/document/stored.ts', '../stores/document', 'document-is-pure'],
  ['src/renderer/panels/Files.ts', 'node:fs', 'no-node-in-the-page'],
  ['src/renderer/scene/draws.ts', 'vue', 'scene-knows-vue-in-one-file'],
  ['src/engine/codec/upward.ts', '../methods/catalogue', 'engine-codec-imports-below'],
  ['src/engine/methods/upward.ts', '../jobs/job', 'engine-methods-imports-below'],
  ['src/engine/methods/beside.ts', '../metrics/psnr', 'engine-methods-imports-below'],
  ['src/engine/codec/typed.ts', 'type ../methods/catalogue', 'engine-codec-imports-below'],
  ['src/engine/loose.ts', './state/store', 'engine-files-lie-in-layers'],
  ['src/engine/helpers/new.ts', '../state/store', 'engine-files-lie-in-layers'],
  ['src/shared/knows.ts', '../engine/state/store', 'shared-stands-alone'],
  ['src/privateFolders/knows.ts', '../shared/geometry', 'private-folders-stand-alone'],
  ['src/cli/ring.ts', './ringOther', 'no-circles'],
] as const;

/** What keeps to the rules, and must not be named. */
const ALLOWED = [
  ['src/engine/state/store.ts', 'node:fs'],
  ['src/engine/runtime/onnxRuntime.ts', 'onnxruntime-node'],
  ['src/engine/codec/open.ts', 'sharp'],
  ['src/engine/methods/catalogue.ts', '../runtime/onnxRuntime'],
  ['src/engine/metrics/psnr.ts', '../kernels/raster'],
  ['src/engine/kernels/raster.ts', '../../shared/geometry'],
  ['src/engine/jobs/job.ts', '../methods/catalogue'],
  ['src/engine/index.ts', './jobs/job'],
  ['src/renderer/stores/document.ts', 'vue'],
  ['src/renderer/document/document.ts', '../../shared/geometry'],
  ['src/renderer/scene/useScene.ts', 'vue'],
  ['src/shared/geometry.ts', 'valibot'],
  ['src/cli/ringOther.ts', './ring'],
] as const;

const VENDORS = ['onnxruntime-node', 'sharp', 'valibot', 'vue'];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

const importing = (what: string): string =>
  what.startsWith('type ')
    ? `import type { Value } from '${what.slice(5)}';\nexport const value: Value = 1;\n`
    : `import * as it from '${what}';\nexport type Value = number;\nexport const value = it;\n`;

let project: string;
let violations: readonly Violation[];

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true });
  await writeFile(join(project, path), text);
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'enlarger-rooms-'));
  for (const [path, what] of [...PLANTED, ...ALLOWED]) await write(path, importing(what));
  for (const name of VENDORS) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    await write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
  }
  await copyFile(join(root, 'tsconfig.base.json'), join(project, 'tsconfig.base.json'));
  const cruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cruise, '--config', config, '--output-type', 'json', 'src'],
    { cwd: project, maxBuffer: 2 ** 24 },
  );
  violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}, 60_000);
afterAll(() => rm(project, { recursive: true, force: true }));

const rulesOf = (path: string): string[] =>
  violations.filter(({ from }) => from === path).map(({ rule }) => rule.name);

describe('the rules of the rooms', () => {
  it.each(PLANTED)('see %s import %s', (path, _what, rule) => {
    expect(rulesOf(path)).toContain(rule);
  });

  it.each(ALLOWED.filter(([path]) => path !== 'src/cli/ringOther.ts'))('let %s import %s', (path) => {
    expect(rulesOf(path).filter((rule) => rule !== 'no-orphans')).toEqual([]);
  });
});
