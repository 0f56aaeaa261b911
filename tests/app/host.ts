import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../src/shared/manifest';

/** `enlarger serve` as a user starts it, with a settings folder of its own. */
export interface Host {
  /** Opens the page once; the cookie that it leaves opens it again. */
  readonly address: string;
  /** Of the terminal's program, which starts the host. */
  readonly pid: number;
  /** Everything that it writes lies below this folder. */
  readonly home: string;
  close(): Promise<void>;
}

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;

/** The address that the host prints; rejects with all that it said where it ends without one. */
async function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = ADDRESS.exec(said)?.[0];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) =>
      reject(new Error(`Expected an address from enlarger serve; it ended with ${code} and said: ${said}`)),
    );
  });
}

/**
 * Writes into `home` that every method was timed already, whose turn would come in the middle of a test. As
 * `Paces` keys them; all alike, which no test looks at.
 */
async function writePaces(root: string, home: string): Promise<void> {
  const models = join(root, 'resources/models');
  const keys = ['nearest', 'bilinear', 'bicubic', 'lanczos', 'lanczos-consistent'].map((id) => `${id}|2`);
  for (const id of await readdir(models)) {
    const { kind, files } = JSON.parse(await readFile(join(models, id, 'manifest.json'), 'utf8')) as Manifest;
    const scales = kind === 'implicit' ? [2] : files.map(({ scale }) => scale || 2);
    keys.push(...scales.map((scale) => `${id}|${scale}`));
  }
  const paces = Object.fromEntries(keys.map((key) => [key, [{ seconds: 1, cores: 1 }]]));
  await writeFile(join(home, 'state.json'), JSON.stringify({ paces }));
}

/** The first process that another one started (not on Windows). */
export const childOf = (pid: number): number =>
  Number(
    execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')[0],
  );

/** Kills a host without a word: the terminal's program started it. */
export const killHost = ({ pid }: Host): void => void process.kill(childOf(pid), 'SIGKILL');

/** Starts the host of the installation in the folder `root`; `earlier`: in the folders of one that was killed. */
export async function startHost(root = '.', earlier?: Host): Promise<Host> {
  const home = earlier?.home ?? (await mkdtemp(join(tmpdir(), 'enlarger-app-test-')));
  if (!earlier) await writePaces(root, home);
  const child = spawn(process.execPath, ['bin/enlarger.js', 'serve', '--no-open'], {
    cwd: root,
    env: { ...process.env, ENLARGER_HOME: home, TMPDIR: home },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return {
    address: await addressOf(child),
    pid: child.pid!,
    home,
    close: async () => {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGTERM');
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}
