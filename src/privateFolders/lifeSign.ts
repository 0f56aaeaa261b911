import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, readFile, rm, stat, utimes, writeFile, type FileHandle } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';

/**
 * A sign in a folder that the process which uses it lives: a listening socket, which goes with its process
 * however that ends. Process ids would not do: two containers that share a folder count them apart.
 */

const SOCKET = '.alive';
/** The file of the sign in its folder. */
export const HOLDER = '.holder';
/** What a socket's address can hold, less what stands around a name (104 bytes on macOS, 108 on Linux). */
const ADDRESS_BYTES_MAX = 100;
/** A sign that no socket can prove is renewed so often, and counts as old after the other. */
const RENEW_MS = 10 * 60_000;
const OLD_MS = 60 * 60_000;

const holderSchema = v.object({
  /** The running kernel: only under the same one does a socket say anything. */
  kernel: v.string(),
  host: v.string(),
  /** Whether there is a socket: some disks cannot hold one. */
  socket: v.boolean(),
});

/** Of a system without a boot id, its name: a socket of an earlier start is refused there all the same. */
function runningKernel(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return hostname();
  }
}

export interface LifeSign {
  /** Takes the sign back; the folder may then be taken for abandoned. */
  close(): Promise<void>;
}

/** An address of the folder's socket that is short enough, and what must stay open meanwhile. */
async function addressIn(folder: string): Promise<{ address: string; held?: FileHandle }> {
  if (process.platform === 'win32') {
    const name = createHash('sha256').update(resolve(folder).toLowerCase()).digest('hex').slice(0, 32);
    return { address: `\\\\.\\pipe\\enlarger-${name}` };
  }
  const plain = join(folder, SOCKET);
  if (Buffer.byteLength(plain) <= ADDRESS_BYTES_MAX || process.platform !== 'linux')
    return { address: plain };
  const held = await open(folder, 'r');
  return { address: `/proc/self/fd/${held.fd}/${SOCKET}`, held };
}

function listen(address: string): Promise<Server | undefined> {
  const server = createServer((peer) => peer.destroy());
  return new Promise((done) => {
    server.once('error', () => done(undefined)); // a disk that holds no sockets: the holder's date has to do
    server.listen(address, () => done(server.unref()));
  });
}

/** Shows in `folder`, which this process alone uses, that this process lives. */
export async function showLife(folder: string): Promise<LifeSign> {
  const { address, held } = await addressIn(folder);
  const server = await listen(address);
  const holder = join(folder, HOLDER);
  const sign = { kernel: runningKernel(), host: hostname(), socket: server !== undefined };
  await writeFile(holder, JSON.stringify(sign), { mode: 0o600 });
  const renewing = setInterval(() => {
    const now = new Date();
    utimes(holder, now, now).catch(() => undefined); // the folder is gone: nobody asks any more
  }, RENEW_MS).unref();
  return {
    close: async () => {
      clearInterval(renewing);
      if (server) await new Promise((closed) => server.close(closed));
      await held?.close();
      await rm(holder, { force: true });
    },
  };
}

/** True unless it is certain that nobody listens. */
async function answers(folder: string): Promise<boolean> {
  const { address, held } = await addressIn(folder);
  try {
    return await new Promise((found) => {
      const socket = connect(address);
      socket.once('connect', () => {
        socket.destroy();
        found(true);
      });
      socket.once('error', ({ code }: NodeJS.ErrnoException) => {
        found(code !== 'ECONNREFUSED' && code !== 'ENOENT');
      });
    });
  } finally {
    await held?.close();
  }
}

/** Whether a folder bears a sign at all: one that has none yet is being made, or was never one of ours. */
export async function hasSign(folder: string): Promise<boolean> {
  return (await readHolder(folder)) !== undefined;
}

async function readHolder(folder: string): Promise<v.InferOutput<typeof holderSchema> | undefined> {
  try {
    const read = v.safeParse(holderSchema, JSON.parse(await readFile(join(folder, HOLDER), 'utf8')));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that showed its life in `folder` still lives. Under the same kernel its socket says so,
 * in whatever container it runs. An earlier start of this machine is over. Of another machine only the sign's
 * date is known: an hour without renewal counts as its end. Without a sign: false.
 */
export async function isHeld(folder: string): Promise<boolean> {
  const holder = await readHolder(folder);
  if (holder === undefined) return false;
  const sameKernel = holder.kernel === runningKernel();
  if (sameKernel && holder.socket) return answers(folder);
  if (!sameKernel && holder.host === hostname()) return false;
  const { mtimeMs } = await stat(join(folder, HOLDER)).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < OLD_MS;
}
