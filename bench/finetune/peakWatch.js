import { descendantsOf, memoryMiB } from '../processes.js';

const EVERY_MS = 200;

/**
 * The largest peak of resident memory (the kernel's own account, VmHWM, in MiB) of any process below one; null where
 * the system does not tell.
 */
export class PeakWatch {
  constructor(pid) {
    this.peak = 0;
    this.timer = setInterval(() => this.poll(pid), EVERY_MS);
  }

  poll(ancestor) {
    for (const pid of descendantsOf(ancestor)) this.peak = Math.max(this.peak, memoryMiB(pid, 'VmHWM') ?? 0);
  }

  end() {
    clearInterval(this.timer);
    return this.peak === 0 ? null : Math.round(this.peak);
  }
}
