import type { Verdict } from '../state/store';
import type { RealDevice, Runtime } from './runtime';
import { isToday, type Verdicts } from './verdicts';

export interface DeviceFound {
  readonly device: RealDevice;
  readonly found: boolean;
  readonly says: string;
}

/** Which of the devices that the runtime's build knows are here. */
export class Presence {
  constructor(
    private readonly runtime: Runtime,
    private readonly verdicts: Verdicts,
  ) {}

  /** Every device that the runtime's build knows, whether it is here, and what it says for itself. */
  async list(again = false): Promise<DeviceFound[]> {
    const found: DeviceFound[] = [];
    for (const device of this.runtime.devices) {
      const { ok, says } = await this.of(device, again);
      found.push({ device, found: ok, says });
    }
    return found;
  }

  async here(): Promise<RealDevice[]> {
    const all = await this.list();
    return all.filter(({ found }) => found).map(({ device }) => device);
  }

  /** What is known of one device; why it cannot be here where the build has no code for it. */
  async says(device: RealDevice): Promise<string> {
    if (!this.runtime.devices.includes(device)) return 'this build of the runtime has no code for it';
    return (await this.of(device, false)).says;
  }

  private async of(device: RealDevice, again: boolean): Promise<Verdict> {
    if (device === 'cpu') return { ok: true, says: 'always here', secondsPerMegapixel: null, at: 0 };
    const key = `${this.runtime.version}|${device}`;
    const known = this.verdicts.known(key);
    // What was not here yesterday may be today: a driver, a container with another device.
    if (known && !again && isToday(known)) return known;
    return this.verdicts.find(key, async () => {
      await this.runtime.probe(device);
      return { ok: true, says: 'here', secondsPerMegapixel: null };
    });
  }
}
