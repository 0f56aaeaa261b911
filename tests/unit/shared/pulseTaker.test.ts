import { describe, expect, it } from 'vitest';
import { PulseTaker } from '../../../src/shared/link/pulseTaker';

/** A taker that ticks once a second, and how often it has asked. */
function taker(): { pulse: PulseTaker; asked: () => number; ticks: (n: number) => (number | undefined)[] } {
  let asked = 0;
  const pulse = new PulseTaker(1, () => (asked += 1));
  return { pulse, asked: () => asked, ticks: (n) => Array.from({ length: n }, () => pulse.tick()) };
}
const saidIn = (ticks: (number | undefined)[]): number => ticks.findIndex((said) => said !== undefined) + 1;
const IDLE = { silentSeconds: 3, workingSeconds: 10 };
const WORKING = { silentSeconds: 10, workingSeconds: 10 };

describe('a pulse', () => {
  it('is asked for once at a time, and is silent while it is answered', () => {
    const { pulse, asked, ticks } = taker();
    pulse.ready();
    for (let n = 1; n <= 50; n++) {
      expect(ticks(3).filter((said) => said !== undefined)).toEqual([]);
      expect(asked()).toBe(n);
      pulse.felt(IDLE);
    }
  });

  it('that stops is noticed after what the engine said of itself', () => {
    for (const [last, limit] of [
      [IDLE, 3],
      [WORKING, 10],
    ] as const) {
      const { pulse, ticks } = taker();
      pulse.ready();
      ticks(1);
      pulse.felt(last);
      // One tick asks; then those in which it is silent are counted.
      expect(saidIn(ticks(20))).toBe(1 + limit + 1);
    }
  });

  it('may pause for work that was asked for, but not because of what was asked after it had stopped', () => {
    const before = taker();
    before.pulse.ready();
    before.ticks(1);
    before.pulse.felt(IDLE);
    before.pulse.called();
    expect(saidIn(before.ticks(20))).toBe(12);
    const after = taker();
    after.pulse.ready();
    after.ticks(1);
    after.pulse.felt(IDLE);
    after.ticks(2);
    after.pulse.called();
    expect(saidIn(after.ticks(20))).toBe(3);
  });

  it('is told by an answer that does not know of a call behind it', () => {
    const { pulse, ticks } = taker();
    pulse.ready();
    ticks(1);
    pulse.called();
    pulse.felt(IDLE);
    expect(saidIn(ticks(20))).toBe(12);
  });

  it('of one that starts is waited for longer', () => {
    const { pulse, asked, ticks } = taker();
    expect(saidIn(ticks(200))).toBe(121);
    expect(asked()).toBe(0);
    pulse.ready();
  });
});
