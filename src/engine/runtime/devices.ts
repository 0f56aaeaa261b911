import type { Device } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import type { ModelRef } from '../onnx/modelRef';
import type { Store } from '../state/store';
import { DeviceTrials } from './deviceTrials';
import { deviceAtStart, inShort } from './deviceWords';
import { Presence, type DeviceFound } from './presence';
import type { RealDevice, Runtime } from './runtime';
import type { SessionPool } from './sessionPool';
import { answerOf, judgeAlone, type Trial } from './trial';
import { isToday, Verdicts } from './verdicts';

export interface DevicesParts {
  readonly runtime: Runtime;
  readonly sessions: SessionPool;
  readonly store: Store;
  /** One sentence for the user. */
  readonly notice: (sentence: string) => void;
  /** Does something when nothing more urgent is there. */
  readonly later: (work: () => Promise<void>) => void;
}

/**
 * Which device each model runs on. The CPU is the truth: another device is used only after it was seen to
 * give the CPU's result for that model, and only where it is faster. Verdicts are remembered; a device that
 * throws, gives something else, or ends the process in its trial is dropped with a sentence.
 */
export class Devices {
  private readonly verdicts: Verdicts;
  private readonly presence: Presence;
  private readonly trials: DeviceTrials;

  constructor(private readonly parts: DevicesParts) {
    const { runtime, sessions, store, notice } = parts;
    this.verdicts = new Verdicts({ store, notice });
    this.presence = new Presence(runtime, this.verdicts);
    this.trials = new DeviceTrials({ version: runtime.version, sessions, notice }, this.verdicts);
  }

  /** Call once at the start: a trial that was under way when the last process ended is held against its device. */
  async recover(): Promise<void> {
    const says = 'ended the engine when it was tried';
    const key = await this.verdicts.takeUnfinished(says);
    if (key === null) return;
    const device = key.split('|').at(-1) as RealDevice;
    this.parts.notice(`${deviceAtStart(device)} ${says}; it is left alone for a day.`);
  }

  /** Every device that the runtime's build knows, whether it is here, and what it says for itself. */
  list(again = false): Promise<DeviceFound[]> {
    return this.presence.list(again);
  }

  /**
   * The device to run a model on. `auto`: the fastest that gives the CPU's result; an impatient caller gets
   * the CPU at once while the others are tried behind. A device by name must be here and right, or this
   * throws `device-failed` naming those that are here.
   */
  async choose(model: ModelRef, trial: Trial, wanted: Device, patient: boolean): Promise<RealDevice> {
    if (wanted === 'cpu') return 'cpu';
    if (wanted !== 'auto') return this.byName(model, trial, wanted);
    let best: RealDevice = 'cpu';
    let bestPace = Infinity;
    for (const device of await this.presence.here()) {
      if (device === 'cpu') continue;
      const found = this.trials.known(model, device);
      const isRecent = found !== undefined && isToday(found);
      if (!isRecent && (!patient || found?.ok)) {
        this.parts.later(async () => {
          await this.trials.verdict(model, trial, device);
        });
      }
      // What was right yesterday is used while it is tried again: a new driver may have come.
      const known = isRecent || found?.ok ? found : undefined;
      if (!known && !patient) continue;
      const verdict = known ?? (await this.trials.verdict(model, trial, device));
      const pace = verdict.secondsPerMegapixel ?? Infinity;
      if (verdict.ok && pace < bestPace) [best, bestPace] = [device, pace];
    }
    if (best === 'cpu') return best;
    const cpu = await this.trials.verdict(model, trial, 'cpu');
    return (cpu.secondsPerMegapixel ?? Infinity) <= bestPace ? 'cpu' : best;
  }

  /** A device failed in use: it is not chosen for this model again, and the user is told. */
  async drop(model: ModelRef, device: RealDevice, error: unknown): Promise<void> {
    this.parts.sessions.forget(model, device);
    await this.trials.holdAgainst(model, device, `failed while running: ${inShort(error)}`);
  }

  /** The self-check of a model for `doctor`: on the CPU, against nothing but common sense. */
  async check(model: ModelRef, trial: Trial): Promise<{ ok: boolean; says: string }> {
    return judgeAlone(await answerOf(this.parts.sessions, model, 'cpu', trial));
  }

  private async byName(model: ModelRef, trial: Trial, wanted: RealDevice): Promise<RealDevice> {
    const here = await this.presence.here();
    if (!here.includes(wanted)) {
      throw new FaultError(
        'device-failed',
        `Expected the device ${wanted} for ${model.method}, but it is not here (${await this.presence.says(wanted)}); ` +
          `here are: ${here.join(', ')}.`,
      );
    }
    const known = this.trials.known(model, wanted);
    const verdict = known?.ok && isToday(known) ? known : await this.trials.verdict(model, trial, wanted);
    if (verdict.ok) return wanted;
    throw new FaultError(
      'device-failed',
      `Expected ${wanted} to give the CPU's result for ${model.method}, but it ${verdict.says}; ` +
        `use one of: ${here.filter((device) => device !== wanted).join(', ')}.`,
    );
  }
}
