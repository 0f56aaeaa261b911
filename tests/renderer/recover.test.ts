import { flushPromises } from '@vue/test-utils';
import { expect, test } from 'vitest';
// Read when it is opened first: here before, so that no test waits for it.
import '../../src/renderer/panels/recover/RecoverDialog.vue';
import { useRecover } from '../../src/renderer/stores/recover';
import { useSheet } from '../../src/renderer/stores/sheet';
import type { JobLine, PhotoCondition, Recommendation } from '../../src/shared/contract';
import { FakeDoor, jobLine } from './fakeDoor';
import { openSample } from './openApp';

const condition: PhotoCondition = { jpegQuality: null, blocking: 1, noise: 1, blur: 0.5, findings: [] };
const result = (method: string, psnrY: number, seconds: number) => ({
  method,
  psnrY,
  ssimY: 0.9,
  lpips: null,
  consistency: 40,
  seconds,
});
const found = (part: Partial<Recommendation> = {}): Recommendation => ({
  photo: 'chart.png',
  token: 'photo-1',
  scale: 4,
  protocol: 'y',
  degradation: 'bicubic',
  parts: [{ x: 10, y: 20, width: 384, height: 384 }],
  condition,
  recommended: 'fsrcnn',
  results: [result('fsrcnn', 31.9, 20), result('bicubic', 30, 0.1)],
  failures: [],
  ...part,
});
const crops = { parts: 1, width: 1, height: 1, original: 'AAAAAA==', input: 'AAAAAA==', pictures: [] };
const line = jobLine({ job: 'test1', kind: 'recommend', title: 'chart.png' });

async function open(lines: readonly JobLine[] = []) {
  const door = new FakeDoor({
    'photo:condition': () => condition,
    'job:recommend': () => line,
    'recommend:crops': () => crops,
    'sheet:draw': () => null,
    'jobs:list': () => lines,
  });
  const { app, pinia } = await openSample(door);
  const recover = useRecover(pinia);
  const ended = async (part: object): Promise<void> => {
    await recover.start({ scale: 4, degradation: 'bicubic', seconds: 60 });
    door.say({ event: { event: 'job:ended', line: { ...line, ...part } } });
    await flushPromises();
  };
  const recommended = (): string => app.find('.recommended').text();
  return { door, recover, ended, recommended, sheet: useSheet(pinia) };
}

test('what a test found is what is recommended for the photo, with how much it won', async () => {
  const { door, recover, ended, recommended } = await open();
  expect(recommended()).toContain('Bicubic'); // by the photo's condition alone
  await ended({ state: 'done', result: found() });
  expect(door.paramsOf('job:recommend')).toMatchObject([
    { photo: 'photo-1', scale: 4, degradation: 'bicubic' },
  ]);
  expect(recover.test).toBeNull();
  expect(recommended()).toContain('FSRCNN');
  expect(recommended()).toContain('1.9 dB better than bicubic');
});

test('what was found stays after a reload: the ledger has it, the last of each photo', async () => {
  const other = found({ token: 'photo-2', recommended: 'bicubic' });
  const done = [found({ recommended: 'bicubic' }), found(), other].map((result, k) => ({
    ...line,
    job: `test${k}`,
    state: 'done' as const,
    result,
  }));
  const { recover, recommended } = await open([...done, { ...done[0]!, job: 'theirs', mine: false }]);
  expect(recover.current?.job).toBe('test1');
  expect(recommended()).toContain('FSRCNN');
});

test('an engine that dies meanwhile: the next one begins the test once more, and only once', async () => {
  const { door, recover } = await open();
  await recover.start({ scale: 4, degradation: 'bicubic', seconds: 60 });
  const fault = { code: 'engine-lost', message: 'The engine stopped unexpectedly.' } as const;
  const die = async (): Promise<void> => {
    door.say({ event: { event: 'engine:lost', fault } });
    await flushPromises();
    expect(recover.test).toBeNull();
    expect(recover.fault).toEqual(fault);
    door.say({ event: { event: 'engine:restored', failed: [] } });
    await flushPromises();
  };
  await die();
  expect(recover.test?.job).toBe('test1');
  expect(recover.fault).toBeNull();
  const [first, again] = door.paramsOf('job:recommend');
  expect(again).toEqual(first);
  await die();
  expect(door.paramsOf('job:recommend')).toHaveLength(2);
  expect(recover.fault).toEqual(fault);
});

test('a test that does not carry over to the photo recommends nothing', async () => {
  const { recover, ended, recommended } = await open();
  const blurred = { ...condition, blur: 1.4, findings: ['blurred'] as const };
  await ended({ state: 'done', result: found({ condition: { ...blurred, findings: ['blurred'] } }) });
  expect(recover.current).not.toBeNull();
  expect(recommended()).not.toContain('FSRCNN');
  await ended({
    state: 'done',
    result: found({ condition: { ...blurred, findings: ['blurred'] }, degradation: 'photo' }),
  });
  expect(recommended()).toContain('FSRCNN');
});

test('the dialog says what was found, keeps a failure beside it, and makes a sheet of it', async () => {
  const { recover, ended, sheet } = await open();
  recover.open();
  await expect.poll(() => document.querySelector('.recover')).not.toBeNull();
  const dialog = (): string => document.querySelector('[role=dialog]')!.textContent;
  expect(dialog()).toContain('Nothing was tested on this photo yet.');
  await ended({ state: 'failed', fault: { code: 'bad-scale', message: 'Expected a larger photo.' } });
  expect(dialog()).toContain('Expected a larger photo.');
  await ended({ state: 'done', result: found() });
  expect(dialog()).toContain('FSRCNN recovers this photo 1.9 dB better than bicubic.');
  expect(dialog()).not.toContain('Expected a larger photo.');
  [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === 'Make a sheet')!.click();
  await flushPromises();
  expect(sheet.isOpen).toBe(true);
  expect(sheet.plan.document).toMatchObject({
    truth: 'hide',
    scales: [4],
    methods: [{ id: 'fsrcnn' }, { id: 'bicubic' }],
    crops: [{ region: { x: 154, y: 164, width: 96, height: 96 } }],
  });
});
