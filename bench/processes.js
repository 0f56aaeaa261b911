/** What the kernel tells of processes (Linux, /proc); elsewhere, and of one that is gone, nothing is known (undefined). */
import { readdirSync, readFileSync } from 'node:fs';

function told(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * Memory of a process in MiB: `VmRSS` resident now, `VmHWM` the most of it so far, `RssAnon` without the pages of
 * mapped files.
 */
export function memoryMiB(pid, field) {
  const status = told(() => readFileSync(`/proc/${pid}/status`, 'utf8')) ?? '';
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

/** Processor seconds of a process so far. Throws where they are not known. */
export function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The processes that one started and that run. */
export function childrenOf(pid) {
  const threads = told(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads.flatMap((thread) => {
    const children = told(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')) ?? '';
    return children.split(' ').filter(Boolean).map(Number);
  });
}

/** The line that a process was started by. */
export const commandLine = (pid) =>
  (told(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '').replaceAll('\0', ' ');

/** Every process below one. */
export const descendantsOf = (pid) => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
