import { describe, expect, it } from 'vitest';
import { Judge } from '../../../src/engine/watch/judge';
import { VitalSigns } from '../../../src/engine/watch/vitalSigns';
import { patienceOf } from '../../../src/engine/watch/watchdog';

const PATIENCE = { tickSeconds: 1, idleSeconds: 3, workingSeconds: 10 };
const RUN = { key: 'sum|cpu', method: 'edsr', limitSeconds: 5 };

/** The tick at which the engine is ended, of at most 50. */
function endedAt(judge: Judge, signs: VitalSigns): number | undefined {
  for (let tick = 0; tick < 50; tick++) if (judge.judge(signs.read())) return tick;
  return undefined;
}

describe('the judge', () => {
  it('lets an engine live that beats', () => {
    const [judge, signs] = [new Judge(PATIENCE), new VitalSigns()];
    for (let tick = 0; tick < 50; tick++) {
      signs.beat(false);
      expect(judge.judge(signs.read())).toBeUndefined();
    }
  });

  it('ends a silent one after the patience for what it does', () => {
    const idle = new VitalSigns();
    expect(endedAt(new Judge(PATIENCE), idle)).toBe(4);
    const working = new VitalSigns();
    const end = working.begin();
    expect(endedAt(new Judge(PATIENCE), working)).toBe(11);
    end();
    expect(working.read().doing).toBe('idle');
    const unmarked = new VitalSigns();
    unmarked.beat(true);
    expect(endedAt(new Judge(PATIENCE), unmarked)).toBe(11);
  });

  it('holds a run against its own limit, and names its method', async () => {
    const signs = new VitalSigns();
    await signs.during(RUN, () => {
      const judge = new Judge(PATIENCE);
      expect(endedAt(judge, signs)).toBe(6);
      expect(judge.judge(signs.read())).toMatchObject({
        says: 'edsr was at one run of its network for 7.0 s, where 5.0 s are far more than it needs',
        run: RUN,
      });
      return Promise.resolve();
    });
    expect(signs.read()).toMatchObject({ doing: 'idle', run: undefined });
  });

  it('begins to count anew with each run', async () => {
    const [judge, signs] = [new Judge(PATIENCE), new VitalSigns()];
    for (let run = 0; run < 10; run++) {
      await signs.during(RUN, () => {
        for (let tick = 0; tick < 5; tick++) expect(judge.judge(signs.read())).toBeUndefined();
        return Promise.resolve();
      });
    }
  });

  it('shows of several runs the one that computes, the first', async () => {
    const signs = new VitalSigns();
    const ends: (() => void)[] = [];
    const run = (method: string): Promise<void> =>
      signs.during({ ...RUN, method }, () => new Promise<void>((end) => ends.push(end)));
    const [first, second] = [run('edsr'), run('later')];
    expect(signs.read().run?.method).toBe('edsr');
    ends[0]!();
    await first;
    expect(signs.read().run?.method).toBe('later');
    ends[1]!();
    await second;
    expect(signs.read().run).toBeUndefined();
  });
});

it('takes a factor on its patience from the environment, and nothing that is none', () => {
  expect(
    [undefined, '2', '0.5', '0', '-1', 'x', 'Infinity'].map((text) =>
      patienceOf({ ENLARGER_PATIENCE: text }),
    ),
  ).toEqual([1, 2, 0.5, 1, 1, 1, 1]);
});
