import type { Device } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import type { RealDevice, Runtime } from './runtime';
import type { ModelRef } from '../onnx/modelRef';
import type { SessionPool } from './sessionPool';
import { answerOf, judge, judgeAlone, paceOf, type Trial } from './trial';
import type { Store, Verdict } from '../state/store';

const DAY_MS = 86_400_000;

const DEVICE_NAMES: Readonly<Record<RealDevice, string>> = {
  cpu: 'the CPU',
  webgpu: 'the graphics device (WebGPU)',
  cuda: 'the graphics device (CUDA)',
  dml: 'the graphics device (DirectML)',
  coreml: 'the graphics device (Core ML)',
};

export interface DevicesParts {
  readonly runtime: Runtime;
  readonly sessions: SessionPool;
  readonly store: Store;
  /** One sentence for the user. */
  readonly notice: (sentence: string) => void;
  /** Does something when nothing more urgent is there. */
  readonly later: (work: () => Promise<void>) => void;
}

export interface DeviceFound {
  readonly device: RealDevice;
  readonly found: boolean;
  readonly says: string;
}

/** What the runtime said, shortened to what a person can read: its last line, without its source paths. */
function inShort(error: unknown): string {
  const detail = error instanceof FaultError ? (error.fault.detail ?? error.message) : String(error);
  const words = detail.replace(/^.*?(?:was false\.|Status Message:)\s*/s, '').replace(/^Error:\s*/, '');
  return words.trim().replace(/\s+/g, ' ').slice(0, 160);
}

/**
 * Which device each model runs on. The CPU is the truth: another device is used only after it was seen to
 * give the CPU's result for that model, and only where it is faster. Verdicts are remembered; a device that
 * throws, gives something else, or ends the process in its trial is dropped with a sentence.
 */
export class Devices {
  private readonly trials = new Map<string, Promise<Verdict>>();
  private lastTrial: Promise<void> = Promise.resolve();
  private storeComplained = false;

  constructor(private readonly parts: DevicesParts) {}

  /** Call once at the start: a trial that was under way when the last process ended is held against its device. */
  async recover(): Promise<void> {
    const key = this.parts.store.state.trying;
    if (key === null) return;
    const says = 'ended the engine when it was tried';
    await this.remember((state) => {
      state.trying = null;
      state.verdicts[key] = { ok: false, says, secondsPerMegapixel: null, at: Date.now() };
    });
    const device = key.split('|').at(-1) as RealDevice;
    this.parts.notice(`${sentenceCase(DEVICE_NAMES[device])} ${says}; it is left alone from now on.`);
  }

  /** Every device that the runtime's build knows, whether it is here, and what it says for itself. */
  async list(again = false): Promise<DeviceFound[]> {
    const found: DeviceFound[] = [];
    for (const device of this.parts.runtime.devices) {
      const { ok, says } = await this.presence(device, again);
      found.push({ device, found: ok, says });
    }
    return found;
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
    for (const device of await this.present()) {
      if (device === 'cpu') continue;
      const known = this.parts.store.state.verdicts[this.keyOf(model, device)];
      if (!known && !patient) {
        this.parts.later(async () => {
          await this.tried(model, trial, device);
        });
        continue;
      }
      const verdict = known ?? (await this.tried(model, trial, device));
      const pace = verdict.secondsPerMegapixel ?? Infinity;
      if (verdict.ok && pace < bestPace) [best, bestPace] = [device, pace];
    }
    if (best === 'cpu') return best;
    const cpu = await this.tried(model, trial, 'cpu');
    return (cpu.secondsPerMegapixel ?? Infinity) <= bestPace ? 'cpu' : best;
  }

  /** A device failed in use: it is not chosen for this model again, and the user is told. */
  async drop(model: ModelRef, device: RealDevice, error: unknown): Promise<void> {
    this.parts.sessions.forget(model, device);
    await this.judgeAgainst(model, device, `failed while running: ${inShort(error)}`);
  }

  /** The self-check of a model for `doctor`: on the CPU, against nothing but common sense. */
  async check(model: ModelRef, trial: Trial): Promise<{ ok: boolean; says: string }> {
    return judgeAlone(await answerOf(this.parts.sessions, model, 'cpu', trial));
  }

  private async present(): Promise<RealDevice[]> {
    const found = await this.list();
    return found.filter((device) => device.found).map(({ device }) => device);
  }

  private async presence(device: RealDevice, again: boolean): Promise<Verdict> {
    if (device === 'cpu') return { ok: true, says: 'always here', secondsPerMegapixel: null, at: 0 };
    const key = `${this.parts.runtime.version}|${device}`;
    const known = this.parts.store.state.verdicts[key];
    // What was not here yesterday may be today: a driver, a container with another device.
    if (known && !again && (known.ok || Date.now() - known.at < DAY_MS)) return known;
    return this.once(key, async () => {
      await this.parts.runtime.probe(device);
      return { ok: true, says: 'here', secondsPerMegapixel: null };
    });
  }

  private async byName(model: ModelRef, trial: Trial, wanted: RealDevice): Promise<RealDevice> {
    const here = await this.present();
    if (!here.includes(wanted)) {
      const presence = this.parts.runtime.devices.includes(wanted)
        ? (await this.presence(wanted, false)).says
        : 'this build of the runtime has no code for it';
      throw new FaultError(
        'device-failed',
        `Expected the device ${wanted} for ${model.method}, but it is not here (${presence}); ` +
          `here are: ${here.join(', ')}.`,
      );
    }
    const known = this.parts.store.state.verdicts[this.keyOf(model, wanted)];
    const verdict = known?.ok ? known : await this.tried(model, trial, wanted);
    if (verdict.ok) return wanted;
    throw new FaultError(
      'device-failed',
      `Expected ${wanted} to give the CPU's result for ${model.method}, but it ${verdict.says}; ` +
        `use one of: ${here.filter((device) => device !== wanted).join(', ')}.`,
    );
  }

  private tried(model: ModelRef, trial: Trial, device: RealDevice): Promise<Verdict> {
    const { sessions } = this.parts;
    const key = this.keyOf(model, device);
    const known = this.parts.store.state.verdicts[key];
    if (device === 'cpu' && known?.ok) return Promise.resolve(known);
    return this.once(
      key,
      async () => {
        const answer = await answerOf(sessions, model, device, trial);
        const reference = device === 'cpu' ? answer : await answerOf(sessions, model, 'cpu', trial);
        const judged = device === 'cpu' ? judgeAlone(answer) : judge(answer, reference);
        if (!judged.ok) this.dropped(model, device, judged.says);
        return {
          ...judged,
          secondsPerMegapixel: judged.ok ? await paceOf(sessions, model, device, trial) : null,
        };
      },
      (error) => {
        this.dropped(model, device, `failed its self-check: ${inShort(error)}`);
      },
    );
  }

  /** Finds a verdict once for all who ask, with a note in the store while it is being found. */
  private once(
    key: string,
    find: () => Promise<Omit<Verdict, 'at'>>,
    failed: (error: unknown) => void = () => undefined,
  ): Promise<Verdict> {
    const running = this.trials.get(key);
    if (running) return running;
    const trial = this.find(key, find, failed).finally(() => this.trials.delete(key));
    this.trials.set(key, trial);
    return trial;
  }

  private async find(
    key: string,
    find: () => Promise<Omit<Verdict, 'at'>>,
    failed: (error: unknown) => void,
  ): Promise<Verdict> {
    // One at a time: the note says which one it was that ended the process. The CPU does not do that.
    const before = this.lastTrial;
    let done = (): void => undefined;
    this.lastTrial = new Promise((resolve) => (done = resolve));
    await before;
    try {
      return await this.findAlone(key, find, failed);
    } finally {
      done();
    }
  }

  private async findAlone(
    key: string,
    find: () => Promise<Omit<Verdict, 'at'>>,
    failed: (error: unknown) => void,
  ): Promise<Verdict> {
    if (!key.endsWith('|cpu')) await this.remember((state) => (state.trying = key));
    let verdict: Verdict;
    try {
      verdict = { ...(await find()), at: Date.now() };
    } catch (error) {
      failed(error);
      verdict = { ok: false, says: inShort(error), secondsPerMegapixel: null, at: Date.now() };
    }
    await this.remember((state) => {
      state.trying = null;
      state.verdicts[key] = verdict;
    });
    return verdict;
  }

  private async judgeAgainst(model: ModelRef, device: RealDevice, says: string): Promise<void> {
    this.dropped(model, device, says);
    await this.remember((state) => {
      const verdict = { ok: false, says, secondsPerMegapixel: null, at: Date.now() };
      state.verdicts[this.keyOf(model, device)] = verdict;
    });
  }

  private dropped(model: ModelRef, device: RealDevice, says: string): void {
    this.parts.notice(`${sentenceCase(DEVICE_NAMES[device])} is not used for ${model.method}: it ${says}.`);
  }

  private async remember(change: Parameters<Store['update']>[0]): Promise<void> {
    try {
      await this.parts.store.update(change);
    } catch (error) {
      if (this.storeComplained) return;
      this.storeComplained = true;
      this.parts.notice(error instanceof Error ? error.message : String(error));
    }
  }

  private keyOf(model: ModelRef, device: RealDevice): string {
    return `${model.sha256}|${this.parts.runtime.version}|${device}`;
  }
}

const sentenceCase = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
