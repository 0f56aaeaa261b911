import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Whether strace is here and may be used: it sees what native code asks of the system. */
export const HAS_STRACE =
  process.platform === 'linux' && spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

const GUARD = pathToFileURL(resolve(import.meta.dirname, 'refuseNetwork.mjs')).href;

/** Calls that name an address or a path that is written to. */
const TRACED =
  'network,openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat';

/** A program watched: its folders are its own and empty at its start, and what it asked of the system is kept. */
export class WatchedRun {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'enlarger-watched-')));
  readonly home = this.make('home');
  readonly cache = this.make('cache');
  readonly temporary = this.make('tmp');
  readonly outputs = this.make('outputs');
  private readonly trace = join(this.folder, 'trace');
  private child: ChildProcess | undefined;
  private readonly calls = join(this.folder, 'calls');

  /** Starts `node ...args` with nothing in its environment that would switch the runtime's reporting off. */
  start(args: readonly string[]): ChildProcess {
    // The runtime keeps quiet in tests of its own and on build servers: the product must not need that.
    const switches = /^(CI|ORT_.*|BUILD_.*|TF_BUILD|GITHUB_ACTIONS|VITEST.*|ENLARGER_(HOME|SCRATCH))$/;
    const withoutSwitches = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !switches.test(name)),
    );
    const env: NodeJS.ProcessEnv = {
      ...withoutSwitches,
      HOME: this.home,
      USERPROFILE: this.home,
      APPDATA: join(this.home, 'AppData'),
      LOCALAPPDATA: join(this.home, 'LocalAppData'),
      XDG_CACHE_HOME: this.cache,
      XDG_CONFIG_HOME: join(this.home, '.config'),
      XDG_DATA_HOME: join(this.home, '.local', 'share'),
      XDG_STATE_HOME: join(this.home, '.local', 'state'),
      TMPDIR: this.temporary,
      TEMP: this.temporary,
      TMP: this.temporary,
      ENLARGER_TEST_CALLS: this.calls,
      NODE_OPTIONS: `--import ${GUARD}`,
    };
    const command = [process.execPath, ...args];
    const traced = [
      '-f',
      '--seccomp-bpf',
      '-qq',
      '-y',
      '-s',
      '4096',
      '-e',
      `trace=${TRACED}`,
      '-o',
      this.trace,
    ];
    const [program, ...rest] = HAS_STRACE ? ['strace', ...traced, ...command] : command;
    this.child = spawn(program!, rest, { env, cwd: this.folder, stdio: ['pipe', 'pipe', 'pipe'] });
    return this.child;
  }

  /** Attempts of its JavaScript to reach another machine. */
  get refused(): string[] {
    return existsSync(this.calls) ? lines(this.calls) : [];
  }

  /** Lines of the trace that open, or try to reach, anything beyond this machine. */
  get remoteCalls(): string[] {
    return lines(this.trace).filter(
      (line) => /\b(connect|sendto|sendmsg|sendmmsg)\(.*AF_INET/.test(line) && !isLoopback(line),
    );
  }

  /** Sockets of the trace that could reach beyond this machine, bound or not. */
  get boundElsewhere(): string[] {
    return lines(this.trace).filter((line) => /\bbind\(.*AF_INET/.test(line) && !isLoopback(line));
  }

  /** Paths of the trace that were made or opened for writing and lie outside its own folders. */
  get writtenElsewhere(): string[] {
    const own = [this.home, this.temporary, this.outputs].map((folder) => `${folder}/`);
    const system = /^\/(dev\/(null|tty|shm\/)|proc\/self\/|proc\/\d+\/)/;
    return lines(this.trace).flatMap((line) => {
      if (/= -1 /.test(line) || !isWriting(line)) return [];
      return [...line.matchAll(/"(\/[^"]*)"/g)]
        .map(([, path]) => path!)
        .filter((path) => !own.some((folder) => `${path}/`.startsWith(folder)) && !system.test(path));
    });
  }

  /** What lies in its folders now, relative to `folder`. */
  left(): string[] {
    return [this.home, this.cache, this.temporary].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1)),
    );
  }

  /** Ends what still runs, and deletes everything. */
  remove(): void {
    this.child?.kill('SIGTERM'); // strace passes it on
    rmSync(this.folder, { recursive: true, force: true });
  }

  private make(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path);
    return path;
  }
}

const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean);

const isLoopback = (line: string): boolean =>
  /inet_addr\("127\.|inet_pton\(AF_INET6, "(::1|::ffff:127\.)/.test(line);

const isWriting = (line: string): boolean =>
  /\bopen(at)?\(/.test(line)
    ? /O_WRONLY|O_RDWR|O_CREAT/.test(line)
    : !/\b(connect|bind|send\w*|recv\w*|socket\w*|get\w+|set\w+)\(/.test(line);
