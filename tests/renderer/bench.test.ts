import { flushPromises } from '@vue/test-utils';
import { describe, expect, test } from 'vitest';
import { bestOf, figuresIn } from '../../src/renderer/editor/benchFigures';
// Read when it is opened first: here before, so that no test waits for it.
import '../../src/renderer/panels/bench/BenchDialog.vue';
import { useBench } from '../../src/renderer/stores/bench';
import { useSheet } from '../../src/renderer/stores/sheet';
import type { Evaluation, MeasuredMethod } from '../../src/shared/contract';
import { FakeDoor, jobLine, photoInfo, Refusal } from './fakeDoor';
import { openSample } from './openApp';

const measured = (method: string, psnrY: number, lpips: number | null = null, n = 1): MeasuredMethod => ({
  method,
  n,
  mean: { psnrY, ssimY: 0.9, lpips },
  deviation: { psnrY: n > 1 ? 1.5 : null },
  seconds: 2,
  peakMiB: 100,
  images: [{ file: 'a.png', psnrY, ssimY: 0.9, lpips }],
});
const evaluation = (part: Partial<Evaluation> = {}): Evaluation => ({
  dataset: 'Open photos',
  protocol: 'y',
  scales: [{ scale: 4, results: [measured('bicubic', 28.43), measured('fsrcnn', 30.5)] }],
  failures: [],
  ...part,
});
const line = jobLine({ job: 'bench1', kind: 'evaluate', title: 'Open photos' });
const crop = {
  file: 'a.png',
  psnrY: 21.5,
  x: 1,
  y: 2,
  width: 1,
  height: 1,
  original: 'AAAAAA==',
  result: 'AAAAAA==',
};

async function open(answers: ConstructorParameters<typeof FakeDoor>[0] = {}) {
  const door = new FakeDoor({
    'job:evaluate': () => line,
    'evaluate:reached': () => evaluation({ scales: [{ scale: 4, results: [measured('bicubic', 28.43)] }] }),
    'evaluate:crop': ({ which }: { which: string }) => ({ ...crop, file: `${which}.png` }),
    ...answers,
  });
  const { pinia } = await openSample(door);
  const bench = useBench(pinia);
  const sheet = useSheet(pinia);
  bench.open();
  await expect.poll(() => document.querySelector('.bench')).not.toBeNull();
  const dialog = () => document.querySelector('[role=dialog]')!;
  const press = async (text: string): Promise<void> => {
    const found = [...dialog().querySelectorAll('button')].find(
      (one) => one.textContent.trim() === text || one.getAttribute('aria-label') === text,
    );
    if (!found) throw new Error(`there is no button “${text}”`);
    found.click();
    await flushPromises();
  };
  const end = async (part: object): Promise<void> => {
    door.say({ event: { event: 'job:ended', line: { ...line, ...part } } });
    await flushPromises();
  };
  return { door, bench, sheet, dialog, press, end };
}

describe('the benchmark', () => {
  test('fills its table while it runs, and opens the worst and the best of a cell', async () => {
    const { door, dialog, press, end } = await open();
    expect(dialog().textContent).toContain('Nothing was measured yet.');
    await press('Start');
    expect(door.paramsOf('job:evaluate')).toMatchObject([
      { photos: ['photo-1'], scales: [4], methods: [{ id: 'bicubic' }, { id: 'fsrcnn' }], protocol: 'y' },
    ]);
    const told = {
      job: 'bench1',
      stage: 'measure',
      done: 1,
      total: 2,
      secondsLeft: null,
      label: 'x4 fsrcnn',
    };
    door.say({ event: { event: 'job:progress', ...told } });
    await flushPromises();
    expect(dialog().querySelector('tbody')!.textContent).toContain('28.43');
    expect(dialog().textContent).toContain('x4 fsrcnn');
    expect(dialog().querySelectorAll('.best')).toHaveLength(0); // of one nothing is best

    await end({ state: 'done', result: evaluation() });
    expect([...dialog().querySelectorAll('tbody tr')]).toHaveLength(2);
    expect(dialog().querySelector('.best .cell')!.textContent).toContain('30.50');
    await press('Worst and best crop of FSRCNN at ×4');
    expect(door.paramsOf('evaluate:crop')).toEqual([
      { job: 'bench1', method: 'fsrcnn', scale: 4, which: 'worst' },
      { job: 'bench1', method: 'fsrcnn', scale: 4, which: 'best' },
    ]);
    expect(dialog().textContent).toContain('Worst: worst.png, 21.50 dB here');
    expect(dialog().textContent).toContain('Best: best.png');
  });

  test('keeps what failed beside what asked for it, and can be started again', async () => {
    const fault = { code: 'bad-scale', message: 'Expected larger pictures.' } as const;
    const { bench, dialog, press, end } = await open({
      'evaluate:crop': () => {
        throw new Refusal({ code: 'not-found', message: 'Measure again.' });
      },
    });
    await press('Start');
    await press('Stop');
    expect(bench.running?.isStopping).toBe(true);
    await end({ state: 'stopped' });
    expect(bench.running).toBeNull();
    await press('Start');
    await end({ state: 'failed', fault });
    // The same job's end is heard once: a new one has another name.
    expect(dialog().textContent).toContain('Expected larger pictures.');
    await press('Start');
    await end({ state: 'done', result: evaluation() });
    expect(dialog().textContent).not.toContain('Expected larger pictures.');
    await press('Worst and best crop of Bicubic at ×4');
    expect(dialog().textContent).toContain('Measure again.');
  });
});

test('its plot goes onto a sheet, where there is LPIPS to plot', async () => {
  const { bench, sheet, press, end } = await open();
  await press('Start');
  await end({ state: 'done', result: evaluation() });
  await press('Plot on a sheet');
  expect([bench.isOpen, sheet.isOpen]).toEqual([true, false]);
  bench.evaluation = evaluation({
    scales: [{ scale: 4, results: [measured('bicubic', 28.43, 0.34), measured('fsrcnn', 30.5)] }],
  });
  await flushPromises();
  await press('Plot on a sheet');
  expect([bench.isOpen, sheet.isOpen]).toEqual([false, true]);
  expect(sheet.design.tradeoff).toEqual({
    file: 'Open-photos.json',
    plotted: {
      dataset: 'Open photos',
      protocol: 'y',
      scales: [{ scale: 4, points: [{ method: 'bicubic', psnrY: 28.43, lpips: 0.34, n: 1 }] }],
    },
  });
  expect(sheet.plan.document?.tradeoff?.dataset).toBe('Open photos');
});

test('a page that was reloaded shows what the one before it had measured, the last of it', async () => {
  const done = [evaluation({ dataset: 'earlier' }), evaluation({ dataset: 'later' })].map((result, k) => ({
    ...line,
    job: `bench${k}`,
    state: 'done' as const,
    result,
  }));
  const { bench, dialog, press, door } = await open({
    'jobs:list': () => [...done, { ...done[0]!, job: 'theirs', mine: false }],
  });
  expect(bench.evaluation?.dataset).toBe('later');
  expect(dialog().textContent).toContain('30.50');
  await press('Worst and best crop of Bicubic at ×4');
  expect(door.paramsOf('evaluate:crop')).toMatchObject([{ job: 'bench1' }, { job: 'bench1' }]);
});

test('originals that were dropped are opened for it alone, and closed before the next', async () => {
  let count = 0;
  const { door, bench, dialog, press, end } = await open({
    openFile: (file: File) =>
      file.name === 'broken.png'
        ? { ok: false, fault: { code: 'unreadable-image', message: 'Expected a picture in broken.png.' } }
        : { ok: true, value: photoInfo({ photo: `photo-lent${(count += 1)}`, name: file.name }) },
    'photo:close': () => null,
  });
  const names = ['a.png', 'broken.png', 'b.jpg'];
  bench.given = { name: 'Set5', files: names.map((name) => new File(['x'], name)) };
  await flushPromises();
  expect(dialog().textContent).toContain('Set5');
  expect(dialog().textContent).toContain('3 pictures');
  await press('Start');
  expect(door.paramsOf('job:evaluate')).toMatchObject([
    { dataset: 'Set5', photos: ['photo-lent1', 'photo-lent2'] },
  ]);
  expect(dialog().textContent).toContain('broken.png');
  expect(door.paramsOf('photo:close')).toEqual([]);
  await end({ state: 'done', result: evaluation() });
  await press('Start');
  expect(door.paramsOf('photo:close')).toEqual([{ photo: 'photo-lent1' }, { photo: 'photo-lent2' }]);
});

test('the best is found as it is printed, the least of distances', () => {
  const results = [measured('a', 30.001, 0.4), measured('b', 30.004, 0.3)];
  expect(bestOf(results, 'psnrY', 2)).toBe('30.00');
  expect(bestOf(results, 'lpips', 4)).toBe('0.3000');
  expect(bestOf([], 'psnrY', 2)).toBeNull();
  const named = (of: Evaluation): string[] => figuresIn(of).map(({ figure }) => figure);
  expect(named(evaluation())).toEqual(['psnrY', 'ssimY']);
  expect(named(evaluation({ scales: [{ scale: 4, results }] }))).toEqual(['psnrY', 'ssimY', 'lpips']);
});
