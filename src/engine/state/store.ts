import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { settingsSchema } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { Mutex } from '../../shared/mutex';
import { paceSampleSchema } from './paceSamples';
import { readRegularFile } from './regularFile';
import { replaceFile } from './replaceFile';

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

/** A run of a network that was ended by the watchdog. */
export const hungSchema = v.object({
  method: v.string(),
  seconds: v.number(),
  /** When, milliseconds since 1970. */
  at: v.number(),
});
export type Hung = v.InferOutput<typeof hungSchema>;

const DEFAULT_SETTINGS = v.parse(settingsSchema, {});

/** Every part falls back on its own: damage in one costs only that one. */
const stateSchema = v.object({
  settings: v.optional(v.fallback(settingsSchema, DEFAULT_SETTINGS), DEFAULT_SETTINGS),
  /** By `runtime version|device` and by `model sha256|runtime version|device`. */
  verdicts: v.optional(v.fallback(v.record(v.string(), verdictSchema), {}), {}),
  /** How fast methods were on this machine, oldest first, by `method id|scale`. */
  paces: v.optional(v.fallback(v.record(v.string(), v.array(paceSampleSchema)), {}), {}),
  /** The verdict being found at this moment, and the process that finds it: still there if that ended it. */
  trying: v.optional(
    v.fallback(v.nullable(v.object({ verdict: v.string(), process: v.number() })), null),
    null,
  ),
  /** Runs that were ended because they did not come to an end themselves, by `model sha256|device`. */
  hung: v.optional(v.fallback(v.record(v.string(), hungSchema), {}), {}),
});
export type State = v.InferOutput<typeof stateSchema>;

const emptyState = (): State => v.parse(stateSchema, {});

/** Absent at the first start, or damaged: both begin anew. */
function parseState(text: string | undefined): State {
  try {
    const parsed = v.safeParse(stateSchema, JSON.parse(text ?? ''));
    return parsed.success ? parsed.output : emptyState();
  } catch {
    return emptyState();
  }
}

async function readState(file: string): Promise<State> {
  const bytes = await readRegularFile(file).catch(() => undefined);
  return parseState(bytes?.toString('utf8'));
}

const textOf = (state: State): string => `${JSON.stringify(state, null, 1)}\n`;

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

  /**
   * The process ends in order: whatever it was trying is not to blame. Synchronous, because an ending process
   * waits for nothing; what cannot be written is left.
   */
  endTrial(): void {
    if (this.last.trying?.process !== process.pid) return;
    const fresh = `${this.file}.${process.pid}.end`;
    try {
      const state = parseState(readFileSync(this.file, 'utf8'));
      writeFileSync(fresh, textOf({ ...state, trying: null }));
      renameSync(fresh, this.file);
    } catch {
      rmSync(fresh, { force: true });
    }
  }

  private async write(change: (state: State) => void): Promise<void> {
    try {
      const state = await readState(this.file);
      change(state);
      await replaceFile(this.file, textOf(state));
    } catch (error) {
      throw new FaultError(
        'output-unwritable',
        `Expected to be able to write Enlarger's own folder ${this.folder}, but could not; ` +
          'make it writable, or set ENLARGER_HOME to a folder that is.',
        { file: this.file, detail: String(error) },
      );
    }
  }
}
