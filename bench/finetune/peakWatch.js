import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 200;

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process is gone, or this is no Linux
  }
}

/** Every process below one. */
function familyOf(ancestor) {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parentOf = new Map(
    pids.map((pid) => [pid, Number(/\) \S (\d+)/.exec(textOf(`/proc/${pid}/stat`))?.[1] ?? 0)]),
  );
  const isBelow = (pid) => {
    for (let at = parentOf.get(pid) ?? 0; at > 0; at = parentOf.get(at) ?? 0)
      if (at === ancestor) return true;
    return false;
  };
  return pids.filter(isBelow);
}

/**
 * The largest peak of resident memory (the kernel's own account, VmHWM, in MiB) of any process below one; null where
 * the system does not tell.
 */
export class PeakWatch {
  constructor(pid) {
    this.kilobytes = 0;
    if (process.platform === 'linux') this.timer = setInterval(() => this.look(pid), EVERY_MS);
  }

  look(ancestor) {
    for (const pid of familyOf(ancestor)) {
      const found = /VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1];
      this.kilobytes = Math.max(this.kilobytes, Number(found ?? 0));
    }
  }

  end() {
    clearInterval(this.timer);
    return this.kilobytes === 0 ? null : Math.round(this.kilobytes / 1024);
  }
}
