import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A builder that notes its runs, speaks on both streams, takes its time and writes what the real one writes. */
const BUILDER = `
const fs = require('node:fs');
fs.appendFileSync('builds', 'x');
console.log('builder on standard output');
if (fs.existsSync('src/broken.ts')) { console.error('src/broken.ts is broken'); process.exit(1); }
fs.rmSync('out', { recursive: true, force: true });
for (const [part, file] of [['main', 'index.js'], ['cli', 'index.js'], ['preload', 'index.cjs']]) {
  fs.mkdirSync('out/' + part, { recursive: true });
  fs.writeFileSync('out/' + part + '/' + file, 'console.log(JSON.stringify(process.argv.slice(2)))');
}
setTimeout(() => {
  fs.mkdirSync('out/renderer');
  fs.writeFileSync('out/renderer/index.html', '');
}, 300);
`;

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'enlarger-checkout-'));
  cpSync('bin', join(checkout, 'bin'), { recursive: true });
  mkdirSync(join(checkout, 'src'));
  writeFileSync(join(checkout, 'src/main.ts'), '');
  writeFileSync(join(checkout, 'package.json'), '{"type":"module"}');
  const builder = join(checkout, 'node_modules/electron-vite');
  mkdirSync(join(builder, 'bin'), { recursive: true });
  writeFileSync(join(builder, 'package.json'), '{"type":"commonjs"}');
  writeFileSync(join(builder, 'bin/electron-vite.js'), BUILDER);
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(checkout, 'bin/enlarger.js'), ...args], { cwd: tmpdir() });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done) => child.on('close', (status) => done({ status, stdout, stderr })));
}

const builds = (): number => readFileSync(join(checkout, 'builds'), 'utf8').length;

describe('the command line in a checkout', () => {
  it('builds itself once, with words on standard error only', async () => {
    const first = await start('methods', '--json');
    expect(first).toMatchObject({ status: 0, stdout: '["methods","--json"]\n' });
    expect(first.stderr).toMatch(/Building Enlarger[^]*builder on standard output/);
    const second = await start('doctor');
    expect(second).toEqual({ status: 0, stdout: '["doctor"]\n', stderr: '' });
    expect(builds()).toBe(1);
  });

  it('builds again after a source changed, as npm start does', async () => {
    await start();
    const earlier = new Date(Date.now() - 60_000);
    for (const file of ['main/index.js', 'cli/index.js', 'preload/index.cjs', 'renderer/index.html'])
      utimesSync(join(checkout, 'out', file), earlier, earlier);
    expect((await start('again')).stdout).toBe('["again"]\n');
    expect(builds()).toBe(2);
  });

  it('waits for the build of another start, and builds nothing itself', async () => {
    const all = await Promise.all([start('1'), start('2'), start('3'), start('4')]);
    expect(all.map(({ status, stdout }) => [status, stdout])).toEqual(
      ['1', '2', '3', '4'].map((arg) => [0, `["${arg}"]\n`]),
    );
    expect(builds()).toBe(1);
  });

  it('says that a build failed, and tries again at the next start', async () => {
    writeFileSync(join(checkout, 'src/broken.ts'), '');
    const failed = await start('--json');
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toMatch(/src\/broken.ts is broken[^]*error: Enlarger could not be built/);
    rmSync(join(checkout, 'src/broken.ts'));
    expect((await start()).status).toBe(0);
  });

  it('takes over the lock of a start that was ended while it built', async () => {
    writeFileSync(join(checkout, 'node_modules/.enlarger-build.lock'), '4194304999');
    expect((await start()).status).toBe(0);
    expect(existsSync(join(checkout, 'node_modules/.enlarger-build.lock'))).toBe(false);
  });

  it('runs what is built where there is no builder, and says what to do where nothing is', async () => {
    await start();
    rmSync(join(checkout, 'node_modules'), { recursive: true });
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(checkout, 'package.json'), later, later);
    expect((await start()).status).toBe(0);
    rmSync(join(checkout, 'out'), { recursive: true });
    const bare = await start();
    expect(bare.status).toBe(1);
    expect(bare.stderr).toMatch(/run "npm install" in /);
  });
});
