import { fork, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import type {
  DoorMessage,
  EngineEvent,
  EngineMessage,
  JobKindName,
  JobLine,
  JobOrderInput,
  JobResult,
  ParamsInput,
} from '../../src/shared/contract';
import type { Result } from '../../src/shared/faults';
import { EngineLink, type EngineChild, type EngineLinkOptions } from '../../src/shared/link/engineLink';

const root = resolve(import.meta.dirname, '../..');

/**
 * Bundles the engine as the real build does, into a folder of this process's own inside the repository
 * (so that its packages and resources are found as ever). Gives the module to fork. `models`: the bundled methods
 * that it finds; absent: all.
 */
export async function buildEngineModule(models?: readonly string[]): Promise<string> {
  const entry = await buildModule('src/engine/index.ts');
  if (models === undefined) return entry;
  const resources = join(dirname(entry), 'resources');
  // Copies: a link is no folder of a model.
  for (const name of ['sample', 'encoders', ...models.map((id) => join('models', id))]) {
    await cp(join(root, 'resources', name), join(resources, name), { recursive: true });
  }
  return entry;
}

/** Bundles a module of the repository for a process of its own; `name` keeps several apart. */
export async function buildModule(source: string, name = ''): Promise<string> {
  const outDir = join(root, 'node_modules', '.engine-under-test', `${process.pid}${name}`);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(root, source),
      outDir,
      emptyOutDir: true,
      target: 'node20.19',
      rolldownOptions: { output: { entryFileNames: 'index.js', chunkFileNames: '[name]-[hash].js' } },
    },
    ssr: {
      external: [
        'onnxruntime-node',
        'sharp',
        'valibot',
        'wasm-vips',
        'libheif-js/wasm-bundle.js',
        'libraw-wasm/dist/libraw.js',
        '@cornerstonejs/codec-openjpeg/decodewasmjs',
      ],
    },
  });
  return join(outDir, 'index.js');
}

export interface RunningEngine {
  readonly link: EngineLink;
  readonly events: { client: string; event: EngineEvent }[];
  readonly lost: string[];
  /** The process that runs now. */
  child(): ChildProcess;
  /** Resolves with the first event that fits, also one that came before. */
  event<E extends EngineEvent['event']>(
    kind: E,
    fits?: (event: Extract<EngineEvent, { event: E }>) => boolean,
  ): Promise<Extract<EngineEvent, { event: E }>>;
  /** Resolves with the reason at the next death of the engine, when another is started. */
  restarted(): Promise<string>;
  /** The events and deaths that were heard so far are none of the next test's. */
  forget(): void;
  close(): Promise<void>;
}

/** A link to a forked engine with folders of its own, or with those of `home`, which then stay. */
export async function startEngine(
  entry: string,
  ownHome?: string,
  pulse?: EngineLinkOptions['pulse'],
): Promise<RunningEngine> {
  const home = ownHome ?? (await mkdtemp(join(tmpdir(), 'enlarger-engine-')));
  let child: ChildProcess;
  const events: RunningEngine['events'] = [];
  const lost: string[] = [];
  const deaths: ((reason: string) => void)[] = [];
  const listeners = new Set<() => void>();
  const spawn = (): EngineChild => {
    child = fork(entry, {
      serialization: 'advanced',
      env: { ...process.env, ENLARGER_HOME: home, ENLARGER_SCRATCH: join(home, 'scratch') },
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    });
    const started = child;
    return {
      send: (message: DoorMessage) =>
        new Promise((done, fail) => {
          started.send(message, (error) => (error ? fail(error) : done()));
        }),
      onMessage: (listener) => void started.on('message', (m) => listener(m as EngineMessage)),
      onExit: (listener) => void started.once('exit', (code, signal) => listener(`exit ${code ?? signal}`)),
      kill: () => void started.kill(),
      end: () => void started.kill('SIGKILL'),
    };
  };
  const link = new EngineLink({
    spawn,
    ...(pulse === undefined ? {} : { pulse }),
    onEvent: (client, event) => {
      events.push({ client, event });
      for (const listener of listeners) listener();
    },
    onLost: (reason) => {
      lost.push(reason);
      for (const listener of deaths.splice(0)) listener(reason);
    },
  });
  link.start();
  return {
    link,
    events,
    lost,
    child: () => child,
    event: (kind, fits = () => true) =>
      new Promise((found) => {
        const look = (): void => {
          for (const { event } of events) {
            if (event.event !== kind || !fits(event as never)) continue;
            listeners.delete(look);
            found(event as never);
            return;
          }
        };
        listeners.add(look);
        look();
      }),
    restarted: () => new Promise((heard) => deaths.push(heard)),
    forget() {
      events.length = 0;
      lost.length = 0;
    },
    async close() {
      const ended =
        child.exitCode === null && child.signalCode === null
          ? new Promise((done) => child.once('exit', done))
          : undefined;
      void link.close();
      await ended;
      if (ownHome === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

/** A job that was started, and how it ends. */
export interface StartedJob<K extends JobKindName> {
  readonly line: JobLine;
  readonly ended: Promise<Result<JobResult<K>>>;
}

const resultOf = <K extends JobKindName>({ state, result, fault }: JobLine): Result<JobResult<K>> =>
  state === 'done'
    ? { ok: true, value: result as JobResult<K> }
    : { ok: false, fault: fault ?? { code: 'internal', message: `ended as ${state}` } };

/** The end of a job, as a result. */
export const endOf = async <K extends JobKindName>(
  engine: RunningEngine,
  job: string,
): Promise<Result<JobResult<K>>> =>
  resultOf((await engine.event('job:ended', ({ line }) => line.job === job)).line);

export async function startJob<K extends JobKindName>(
  engine: RunningEngine,
  kind: K,
  order: JobOrderInput<K>,
  client = 'test',
): Promise<StartedJob<K>> {
  const line = valueOf(await engine.link.call(client, 'job:start', { kind, order }));
  return { line, ended: endOf(engine, line.job) };
}

/** Starts a job and waits for its end; what refuses it at once is its end too. */
export async function runJob<K extends JobKindName>(
  engine: RunningEngine,
  kind: K,
  order: JobOrderInput<K>,
): Promise<Result<JobResult<K>>> {
  const params = { kind, order } as ParamsInput<'job:start'>;
  const started = await engine.link.call('test', 'job:start', params);
  return started.ok ? endOf(engine, started.value.job) : started;
}

/** The value of a result; throws its fault's sentence. */
export function valueOf<T>(
  result: { ok: true; value: T } | { ok: false; fault: { message: string; detail?: string | undefined } },
): T {
  if (result.ok) return result.value;
  throw new Error(`${result.fault.message} ${result.fault.detail ?? ''}`);
}
