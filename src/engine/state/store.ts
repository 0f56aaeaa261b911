import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { settingsSchema } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { Mutex } from '../../shared/mutex';

/** What a device did with a model, or (`found`) whether the device is there at all. */
const verdictSchema = v.object({
  ok: v.boolean(),
  /** One sentence: how far from the CPU's result, or why not. */
  says: v.string(),
  secondsPerMegapixel: v.nullable(v.number()),
  /** When it was found, milliseconds since 1970. */
  at: v.number(),
});
export type Verdict = v.InferOutput<typeof verdictSchema>;

const DEFAULT_SETTINGS = v.parse(settingsSchema, {});

/** Every part falls back on its own: damage in one costs only that one. */
const stateSchema = v.object({
  settings: v.optional(v.fallback(settingsSchema, DEFAULT_SETTINGS), DEFAULT_SETTINGS),
  /** By `runtime version|device` and by `model sha256|runtime version|device`. */
  verdicts: v.optional(v.fallback(v.record(v.string(), verdictSchema), {}), {}),
  /** Seconds a megapixel of output on this machine, by method id. */
  speeds: v.optional(v.fallback(v.record(v.string(), v.number()), {}), {}),
  /** The verdict being found at this moment: still there at the next start if that ended the process. */
  trying: v.optional(v.fallback(v.nullable(v.string()), null), null),
});
export type State = v.InferOutput<typeof stateSchema>;

const emptyState = (): State => v.parse(stateSchema, {});

async function readState(file: string): Promise<State> {
  try {
    const parsed = v.safeParse(stateSchema, JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.output : emptyState();
  } catch {
    return emptyState(); // absent at the first start, or damaged: both begin anew
  }
}

/**
 * The engine's memory between starts: settings, verdicts on devices, measured speeds. One JSON file, always
 * replaced whole; every change is made on what the file holds at that moment, so that two running engines
 * (the application and the command line) do not undo each other's.
 */
export class Store {
  private readonly file: string;
  private last: State = emptyState();
  private readonly oneAtATime = new Mutex();

  constructor(private readonly folder: string) {
    this.file = join(folder, 'state.json');
  }

  /** The state as last read or written; call `load` once before. */
  get state(): State {
    return this.last;
  }

  async load(): Promise<State> {
    this.last = await readState(this.file);
    return this.last;
  }

  /** Changes the state and writes it; throws `output-unwritable` where the folder cannot be written. */
  update(change: (state: State) => void): Promise<void> {
    change(this.last);
    return this.oneAtATime.run(() => this.write(change));
  }

  private async write(change: (state: State) => void): Promise<void> {
    const fresh = `${this.file}.${process.pid}.new`;
    try {
      await mkdir(this.folder, { recursive: true });
      const state = await readState(this.file);
      change(state);
      await writeFile(fresh, `${JSON.stringify(state, null, 1)}\n`);
      await rename(fresh, this.file);
    } catch (error) {
      await rm(fresh, { force: true }).catch(() => undefined);
      throw new FaultError(
        'output-unwritable',
        `Expected to be able to write Enlarger's own folder ${this.folder}, but could not; ` +
          'make it writable, or set ENLARGER_HOME to a folder that is.',
        { file: this.file, detail: String(error) },
      );
    }
  }
}
