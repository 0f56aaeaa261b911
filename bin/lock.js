import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const POLL_MS = 100;

/**
 * Whether the process that wrote a lock still runs.
 * @param {string} text
 */
function isAlive(text) {
  const pid = Number(text);
  // Empty: its owner has made the file and not written it yet.
  if (text === '' || pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} path @returns {string | undefined} what a lock says; undefined: it is gone */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Removes the lock of a dead owner: by renaming, which only one of several who see it can do. What was taken
 * away and is another's already, who was quicker, goes back.
 * @param {string} path
 * @param {string} owner
 */
function takeAway(path, owner) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (read(aside) !== owner) linkSync(aside, path);
    rmSync(aside, { force: true });
  } catch {
    rmSync(aside, { force: true }); // another one was first
  }
}

/**
 * Takes a lock file that belongs to one process at a time, and waits while another has it. The lock of a
 * process that has ended is taken over. Blocks: nothing else goes on in a start that waits for its build.
 * @param {string} path
 * @param {() => void} onWait called once, where there is a wait
 * @returns {() => void} gives it back
 */
export function holdLock(path, onWait) {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let waits = 0;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const owner = read(path);
    if (owner !== undefined && !isAlive(owner)) {
      takeAway(path, owner);
      continue;
    }
    if (waits++ === 0) onWait();
    Atomics.wait(sleeper, 0, 0, POLL_MS);
  }
}
