import { fork } from 'node:child_process';

/** Longer than the engine needs for a picture of this size under any load; what takes longer hangs. */
const ANSWER_SECONDS_MAX = 60;

/** An engine as a door has it, that says when it ended and how. */
export class FuzzedEngine {
  #waiting = new Map();
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
    this.child.on('message', (/** @type {any} */ { id, result }) => {
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
    this.child.once('exit', (code, signal) => {
      this.ended = `the engine ended with ${signal ?? code}`;
      for (const settle of this.#waiting.values())
        settle({ ok: false, fault: { code: 'ended', message: this.ended } });
    });
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
