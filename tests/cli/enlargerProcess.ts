import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The build under test: `out`, unless ENLARGER_OUT names another. */
export const BUILD = resolve(process.env['ENLARGER_OUT'] ?? 'out');

if (!existsSync(join(BUILD, 'cli/index.js'))) {
  throw new Error(`Expected the built command line in ${BUILD}; run "npm run build" first.`);
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has printed so far. */
  stdout(): string;
  /** Resolve when the stream has said `text`; reject when the process ends before. */
  whenStdoutHas(text: string): Promise<void>;
  whenStderrHas(text: string): Promise<void>;
}

export interface Place {
  readonly cwd?: string;
  readonly build?: string;
  readonly env?: Record<string, string>;
}

/** Starts the built command line as a user's shell would, without a terminal. */
export function startEnlarger(args: readonly string[], place: Place = {}): Running {
  const script = join(place.build ?? BUILD, 'cli/index.js');
  const child = spawn(process.execPath, [script, ...args], {
    cwd: place.cwd,
    env: { ...process.env, ...place.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      said[name] += chunk.toString();
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<Ended>((done) => {
    child.on('close', (status) => done({ status, ...said }));
  });
  const whenSaid = (name: 'stdout' | 'stderr', text: string): Promise<void> =>
    new Promise((found, failed) => {
      const look = (): void => {
        if (!said[name].includes(text)) return;
        waiting.delete(look);
        found();
      };
      waiting.add(look);
      void ended.then(() => failed(new Error(`ended without saying "${text}": ${said.stderr}`)));
      look();
    });
  return {
    child,
    ended,
    stdout: () => said.stdout,
    whenStdoutHas: (text) => whenSaid('stdout', text),
    whenStderrHas: (text) => whenSaid('stderr', text),
  };
}

export const runEnlarger = (args: readonly string[], place?: Place): Promise<Ended> =>
  startEnlarger(args, place).ended;

function copyOfBuild(folder: string, parts: readonly string[]): string {
  const build = join(folder, 'build');
  for (const part of parts) cpSync(join(BUILD, part), join(build, part), { recursive: true });
  cpSync('package.json', join(folder, 'package.json'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return build;
}

/** A copy of the build in `folder` whose engine is `engineScript`. */
export function buildWithEngine(folder: string, engineScript: string): string {
  const build = copyOfBuild(folder, ['cli', 'chunks']);
  mkdirSync(join(build, 'engine'), { recursive: true });
  cpSync(engineScript, join(build, 'engine/index.js'));
  return build;
}

/** A copy of the build in `folder` that has only these of the bundled models. */
export function buildWithModels(folder: string, models: readonly string[]): string {
  const build = copyOfBuild(folder, ['cli', 'chunks', 'engine']);
  for (const id of models) {
    cpSync(resolve('resources/models', id), join(folder, 'resources/models', id), { recursive: true });
  }
  return build;
}
