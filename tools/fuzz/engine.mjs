import { fork } from 'node:child_process';

/** Longer than the engine needs for a picture of this size under any load; what takes longer hangs. */
const ANSWER_SECONDS_MAX = 60;

/** An engine as a door has it, that says when it ended and how. */
export class FuzzedEngine {
  #waiting = new Map();
  /** Waiting for the end of a job, by its id. */
  #jobs = new Map();
  /** Ends of jobs that nobody waited for yet. */
  #early = new Map();
  #lastId = 0;
  /** @type {string | undefined} why it ended */
  ended;

  /**
   * @param {string} entry the built engine
   * @param {NodeJS.ProcessEnv} env
   * @param {string} [resources] a folder with `models`, in place of the installation's
   */
  constructor(entry, env, resources) {
    const setting = `process.resourcesPath = ${JSON.stringify(resources)}`;
    const execArgv =
      resources === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(setting)}`];
    const stdio = /** @type {const} */ (['ignore', 'ignore', 'ignore', 'ipc']);
    this.child = fork(entry, [], {
      serialization: 'advanced',
      execArgv,
      stdio,
      env: { ...process.env, ...env },
    });
    this.child.on('message', (/** @type {any} */ { id, result, event }) => {
      if (event?.event === 'job:ended') this.#settleJob(event.line);
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
    this.child.once('exit', (code, signal) => {
      this.ended = `the engine ended with ${signal ?? code}`;
      for (const settle of [...this.#waiting.values(), ...this.#jobs.values()])
        settle({ ok: false, fault: { code: 'ended', message: this.ended } });
    });
  }

  /**
   * A job to its end.
   * @param {string} kind
   * @param {unknown} order
   * @returns {Promise<any>} its result; the code `hang` where it did not end
   */
  async job(kind, order) {
    const started = await this.call('job:start', { kind, order });
    if (!started.ok) return started;
    const { job } = started.value;
    const early = this.#early.get(job);
    this.#early.delete(job);
    if (early) return early;
    return new Promise((settle) => {
      const fault = { code: 'hang', message: `no end of a job in ${ANSWER_SECONDS_MAX} s` };
      const late = setTimeout(() => settle({ ok: false, fault }), ANSWER_SECONDS_MAX * 1000);
      this.#jobs.set(job, (/** @type {any} */ result) => {
        clearTimeout(late);
        this.#jobs.delete(job);
        settle(result);
      });
      if (this.ended !== undefined)
        this.#jobs.get(job)({ ok: false, fault: { code: 'ended', message: this.ended } });
    });
  }

  /** A job may end before its start was answered. @param {any} line */
  #settleJob({ job, state, result, fault }) {
    const outcome = state === 'done' ? { ok: true, value: result } : { ok: false, fault };
    const waiting = this.#jobs.get(job);
    if (waiting) waiting(outcome);
    else this.#early.set(job, outcome);
  }

  /**
   * @param {string} call
   * @param {unknown} params
   * @returns {Promise<any>} its result; the code `hang` where none came
   */
  call(call, params) {
    return new Promise((settle) => {
      const id = ++this.#lastId;
      const late = setTimeout(() => {
        settle({
          ok: false,
          fault: { code: 'hang', message: `no answer to ${call} in ${ANSWER_SECONDS_MAX} s` },
        });
      }, ANSWER_SECONDS_MAX * 1000);
      this.#waiting.set(id, (/** @type {any} */ result) => {
        clearTimeout(late);
        settle(result);
      });
      if (this.ended !== undefined)
        this.#waiting.get(id)({ ok: false, fault: { code: 'ended', message: this.ended } });
      else this.child.send({ client: 'fuzz', id, call, params }, () => undefined);
    });
  }

  async end() {
    if (this.ended !== undefined) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    const late = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(late);
  }
}
