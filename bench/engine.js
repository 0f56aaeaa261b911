import { fork } from 'node:child_process';
import { once } from 'node:events';
import { memoryMiB } from './processes.js';

const ENTRY = new URL('../out/engine/index.js', import.meta.url);

/**
 * The real engine process, as a door sees it, with the clock beside every event.
 * A state folder of its own keeps a benchmark from reading or changing what the user's engine remembers.
 */
export class Engine {
  /** @param {string} home folder for the engine's state @param {Record<string, string>} [environment] */
  constructor(home, environment = {}) {
    this.waiting = new Map();
    this.listeners = new Set();
    this.nextId = 1;
    this.startedAt = performance.now();
    this.child = fork(ENTRY, {
      serialization: 'advanced',
      env: { ...process.env, ENLARGER_HOME: home, ...environment },
    });
    this.ready = new Promise((resolve) => (this.resolveReady = resolve));
    this.child.on('message', (message) => this.receive(message));
  }

  receive(message) {
    if (message.ready) return this.resolveReady();
    if (message.event) {
      for (const listener of this.listeners) listener(message.event, performance.now());
      return;
    }
    const settle = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.result.ok) settle.resolve(message.result.value);
    else settle.reject(new Error(`${message.result.fault.message} ${message.result.fault.detail ?? ''}`));
  }

  /** The value of one call; rejects with the fault's sentence. */
  call(call, params) {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ client: 'bench', id, call, params });
    });
  }

  /** Opens a photo under a token of its own; the value of `photo:open`. */
  open(path) {
    return this.call('photo:open', { photo: `photo-${this.nextId}`, path });
  }

  /** Starts a job and gives its result; rejects with its fault's sentence. */
  async job(kind, order) {
    const ended = new Map();
    let hear = (line) => ended.set(line.job, line);
    const stop = this.onEvent((event) => event.event === 'job:ended' && hear(event.line));
    try {
      const { job } = await this.call('job:start', { kind, order });
      const line =
        ended.get(job) ?? (await new Promise((done) => (hear = (one) => one.job === job && done(one))));
      if (line.state !== 'done') throw new Error(`${line.fault?.message} ${line.fault?.detail ?? ''}`);
      return line.result;
    } finally {
      stop();
    }
  }

  /** Enlarges a photo, opened anew each time, on the CPU into a TIFF at `path`; milliseconds from file to file. */
  async enlarge(source, method, scale, path) {
    const start = performance.now();
    const { photo } = await this.open(source);
    await this.job('upscale', {
      enlargement: { photo, method: { id: method }, scale, options: {} },
      device: 'cpu',
      encoding: { format: 'tiff' },
      output: { path, overwrite: true },
    });
    const spent = performance.now() - start;
    await this.call('photo:close', { photo });
    return spent;
  }

  /** Calls `listener(event, milliseconds)` for every event; returns the way to stop. */
  onEvent(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Largest resident set of the engine so far in MiB, from the kernel's own account (Linux). */
  peakMemoryMiB() {
    return this.memoryMiB('VmHWM');
  }

  /**
   * Anonymous resident memory now in MiB: without the pages of mapped scratch files, which the kernel
   * takes back whenever it likes.
   */
  anonymousMemoryMiB() {
    return this.memoryMiB('RssAnon');
  }

  memoryMiB(field) {
    const known = memoryMiB(this.child.pid, field);
    if (known === undefined) throw new Error('expected a running engine on a system with /proc (Linux)');
    return known;
  }

  async close() {
    const gone = once(this.child, 'exit');
    this.child.kill();
    await gone;
  }
}
