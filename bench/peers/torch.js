import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** PyTorch with the same weights (training/export/peer.py), asked for one file after another. */
export class Torch {
  /** @param {string} python @param {readonly string[]} methods @param {number} scale @param {number} threads */
  constructor(python, methods, scale, threads) {
    const module = ['-m', 'training.export.peer', '--method', methods.join(',')];
    const sizes = ['--scale', String(scale), '--threads', String(threads)];
    this.child = spawn(python, [...module, ...sizes], {
      cwd: new URL('../..', import.meta.url),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.complaint = '';
    this.child.stderr.on('data', (text) => (this.complaint += String(text)));
    this.gone = once(this.child, 'exit').catch(() => undefined);
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Its version; rejects with what it said where it does not start. */
  async ready() {
    return this.next();
  }

  /** Milliseconds from file to file. */
  async enlarge(method, source, output) {
    this.child.stdin.write(`${method} ${source} ${output}\n`);
    return 1000 * Number(await this.next());
  }

  async next() {
    const { value, done } = await this.lines.next();
    if (!done) return value;
    await this.gone;
    throw new Error(this.complaint.trim().split('\n').at(-1) || 'it ended without a word');
  }

  async close() {
    this.child.stdin.end();
    await this.gone;
  }
}
