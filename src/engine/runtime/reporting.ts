import { readdir, readFile, readlink } from 'node:fs/promises';

/** Whether ONNX Runtime reports its use to its maker, and how that is known. */
export interface ReportingFound {
  readonly off: boolean;
  readonly says: string;
}

/** The kernel's tables of this process's network sockets (proc_net in the Linux manual). */
const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;

/** The words of a line of such a table that are read here. */
const REMOTE = 2;
const INODE = 9;

/**
 * Whether an address of such a table is this machine or none: `AABBCCDD:PORT`, or four of those words for
 * IPv6, each in the byte order of a little-endian machine.
 */
export function staysHere(remote: string): boolean {
  const address = remote.split(':')[0] ?? '';
  if (/^0+$/.test(address)) return true; // not connected
  if (address.length === 8) return address.endsWith('7F'); // 127.0.0.0/8
  return address === '00000000000000000000000001000000' || /^0{16}FFFF0000.{6}7F$/.test(address);
}

/** Remote addresses of `table` that lie elsewhere, of the sockets with these inodes. */
export function remotesOf(table: string, inodes: ReadonlySet<string>): string[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => inodes.has(words[INODE] ?? '') && !staysHere(words[REMOTE] ?? ''))
    .map((words) => words[REMOTE]!);
}

async function remoteSockets(): Promise<string[]> {
  const held = await readdir('/proc/self/fd');
  const targets = await Promise.all(held.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  const inodes = new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  const tables = await Promise.all(
    TABLES.map((name) => readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')),
  );
  return tables.flatMap((table) => remotesOf(table, inodes));
}

/**
 * Looks whether the runtime was told to keep quiet before it was loaded, and on Linux whether this process
 * holds a connection to another machine; to be asked after the runtime has worked. The Node binding has no
 * call for its switch; its build for Windows holds no code for a network and knows only the system's own
 * tracing.
 */
export async function findReporting(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ReportingFound> {
  if (env['ORT_DISABLE_TELEMETRY'] !== '1') {
    return { off: false, says: "ONNX Runtime's reporting to its maker was not switched off" };
  }
  const off = "ONNX Runtime's reporting to its maker is switched off";
  if (platform === 'win32') {
    return { off: true, says: `${off}; its build for Windows has no code that reaches a network` };
  }
  if (platform !== 'linux') {
    return { off: true, says: `${off} (open connections cannot be looked up on this system)` };
  }
  const remotes = await remoteSockets();
  return remotes.length === 0
    ? { off: true, says: `${off}; /proc lists no connection of the engine to another machine` }
    : { off: false, says: `the engine holds ${remotes.length} connections to other machines` };
}
