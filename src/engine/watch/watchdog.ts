import { writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pulse } from '../../shared/contract';
import { makeFoldersNow } from '../state/folders';
import { Judge, type Sentence } from './judge';
import { VitalSigns } from './vitalSigns';

const TICK_SECONDS = 0.25;
const IDLE_SECONDS = 10;
/** Metrics and projections of the largest photos take a minute in one go. */
const WORKING_SECONDS = 300;
/** What a door waits beyond what the watchdog would, which knows more; the idle engine may begin to measure a method. */
const DOOR_WAITS_SECONDS = 50;
/** What a process that lost its parent may still take to go by itself. */
const ORPHAN_SECONDS = 3;
const STANDARD_ERROR = 2;

/** What the watching thread is given. */
export interface WatchData {
  readonly watchdog: {
    readonly memory: SharedArrayBuffer;
    /** Where a run that did not end is noted for the next start. */
    readonly hungFile: string;
    /** Factor on every limit. */
    readonly patience: number;
    readonly parent: number;
  };
}

export const isWatchData = (data: unknown): data is WatchData =>
  typeof data === 'object' && data !== null && 'watchdog' in data;

/** ENLARGER_PATIENCE: a factor on how long the engine may be silent; 1 where it is not a number above 0. */
export function patienceOf(env: NodeJS.ProcessEnv): number {
  const factor = Number(env['ENLARGER_PATIENCE'] ?? 1);
  return factor > 0 && Number.isFinite(factor) ? factor : 1;
}

/** For how long this engine may be silent from now on: what its doors are told, which cannot see its signs. */
export function pulseOf(signs: VitalSigns, isBusy: boolean, patience: number): Pulse {
  const working =
    Math.max(WORKING_SECONDS * patience, signs.longestLimitSeconds) + DOOR_WAITS_SECONDS * patience;
  const idle = (IDLE_SECONDS + DOOR_WAITS_SECONDS) * patience;
  return { silentSeconds: signs.isIdle && !isBusy ? idle : working, workingSeconds: working };
}

/**
 * Starts the thread that ends this process when its event loop stands still for longer than it may: nothing
 * on the blocked thread could, and from outside a blocked one cannot be told from one at work. `entry` is a
 * module that calls `watch` when it runs as a worker with this data.
 */
export function startWatchdog(entry: URL, signs: VitalSigns, hungFile: string, isBusy: () => boolean): void {
  const workerData: WatchData = {
    watchdog: {
      memory: signs.memory,
      hungFile,
      patience: patienceOf(process.env),
      parent: process.ppid,
    },
  };
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
  const worker = new Worker(entry, { workerData, env: {}, execArgv: [], resourceLimits });
  worker.unref();
  // Without it the engine works as before, only unwatched; that is no reason to end it.
  worker.on('error', (error) => process.stderr.write(`the watchdog ended: ${error.message}\n`));
  setInterval(() => signs.beat(isBusy()), TICK_SECONDS * 1000).unref();
}

/** The watching thread. Ends the process by SIGKILL, which needs no event loop. */
export function watch({ watchdog: { memory, hungFile, patience, parent } }: WatchData): void {
  const signs = new VitalSigns(memory);
  const judge = new Judge({
    tickSeconds: TICK_SECONDS,
    idleSeconds: IDLE_SECONDS * patience,
    workingSeconds: WORKING_SECONDS * patience,
  });
  let orphanTicks = 0;
  setInterval(() => {
    const sentence = judge.judge(signs.read());
    if (sentence) end(sentence, hungFile);
    // A door that was killed told nobody; a blocked engine would go on for ever.
    orphanTicks = process.ppid === parent ? 0 : orphanTicks + 1;
    if (orphanTicks * TICK_SECONDS > ORPHAN_SECONDS) process.kill(process.pid, 'SIGKILL');
  }, TICK_SECONDS * 1000);
}

function end({ says, seconds, run }: Sentence, hungFile: string): void {
  try {
    writeSync(STANDARD_ERROR, `The engine was ended by its watchdog: ${says}.\n`);
  } catch {
    // Nobody reads it.
  }
  if (run) {
    try {
      makeFoldersNow(dirname(hungFile));
      const { key, method } = run;
      writeFileSync(hungFile, JSON.stringify({ key, method, seconds, at: Date.now() }));
    } catch {
      // A folder that is not there or cannot be written: the next start does not know, and will find out.
    }
  }
  process.kill(process.pid, 'SIGKILL');
}
