import { flushPromises } from '@vue/test-utils';
import { expect, test } from 'vitest';
// Read when it is opened first: here before, so that no test waits for it.
import '../../src/renderer/panels/blind/BlindDialog.vue';
import { useBlind } from '../../src/renderer/stores/blind';
import { useSheet } from '../../src/renderer/stores/sheet';
import type { BlindState, Opinions } from '../../src/shared/contract';
import { FakeDoor, jobLine } from './fakeDoor';
import { openSample } from './openApp';

const line = jobLine({ job: 'blind1', kind: 'blind', title: 'chart.png' });
const fresh = (kind: BlindState['kind'], count: number): BlindState => ({
  comparison: 'c1',
  kind,
  answers: Array.from({ length: count }, () => null),
});
const found: Opinions = {
  photo: { name: 'chart.png', sha256: 'a'.repeat(64) },
  kind: 'rate',
  truth: 'none',
  scale: 4,
  comparisons: 1,
  raters: ['Ada'],
  crops: 2,
  opinions: [
    { method: { id: 'fsrcnn', sum: 'code', turned: {} }, value: 4.5, low: 3, high: 6, n: 2, strength: null },
    {
      method: { id: 'bicubic', sum: 'code', turned: {} },
      value: 2,
      low: null,
      high: null,
      n: 1,
      strength: null,
    },
  ],
};

async function open(kind: BlindState['kind'] = 'rate', count = 4) {
  let state = fresh(kind, count);
  let ended = false;
  const picture = { width: 1, height: 1, pixels: 'AAAAAA==' };
  const door = new FakeDoor({
    'photo:condition': () => ({ jpegQuality: null, blocking: 1, noise: 1, blur: 0.5, findings: [] }),
    'job:blind': () => line,
    'blind:open': () => [],
    'blind:opinions': () => (ended ? [found] : []),
    'blind:show': () => ({ pictures: kind === 'rate' ? [picture] : [picture, picture] }),
    'blind:answer': ({ trial, answer }: { trial: number; answer: number }) => {
      state = { ...state, answers: state.answers.map((one, k) => (k === trial ? answer : one)) };
      return state;
    },
    'blind:end': () => {
      ended = true;
      return null;
    },
    'blind:answers': () => [],
    'sheet:draw': () => null,
  });
  const { pinia } = await openSample(door);
  const blind = useBlind(pinia);
  blind.open();
  await expect.poll(() => document.querySelector('.blind .order')).not.toBeNull();
  await flushPromises();
  const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role=dialog]') ?? document.body;
  const strike = async (key: string): Promise<void> => {
    document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await flushPromises();
  };
  const begin = async (): Promise<void> => {
    const boxes = [...dialog().querySelectorAll<HTMLInputElement>('.method input')];
    for (const box of boxes) if (!box.checked) box.click();
    await flushPromises();
    dialog().querySelector<HTMLElement>('button[type=submit]')!.click();
    await flushPromises();
    door.say({ event: { event: 'job:ended', line: { ...line, state: 'done', result: state } } });
    await flushPromises();
  };
  return { door, blind, dialog, strike, begin, sheet: useSheet(pinia) };
}

test('scores are given by keys alone, and nothing on the page says whose picture it is', async () => {
  const { door, dialog, strike, begin } = await open();
  await begin();
  expect(door.paramsOf('job:blind')).toMatchObject([
    { photo: 'photo-1', comparison: { kind: 'rate', methods: [{ id: 'bicubic' }, { id: 'fsrcnn' }] } },
  ]);
  for (const key of ['5', '2', 'Backspace', '3']) {
    expect(dialog().innerHTML).not.toMatch(/bicubic|fsrcnn/i);
    await strike(key);
  }
  await strike('1');
  await strike('4');
  expect(door.paramsOf('blind:answer')).toEqual([
    { comparison: 'c1', trial: 0, answer: 5 },
    { comparison: 'c1', trial: 1, answer: 2 },
    { comparison: 'c1', trial: 1, answer: 3 },
    { comparison: 'c1', trial: 2, answer: 1 },
    { comparison: 'c1', trial: 3, answer: 4 },
  ]);
  for (const asked of door.asked.filter(({ call }) => call.startsWith('blind:'))) {
    expect(JSON.stringify(asked)).not.toMatch(/bicubic|fsrcnn/i);
  }
  expect(dialog().textContent).toContain('All 4 questions are answered.');
  expect(document.activeElement?.textContent).toContain('Show who made what');
});

test('what was answered is told once it is ended, and goes onto a sheet', async () => {
  const { dialog, strike, begin, sheet } = await open();
  await begin();
  for (const key of ['5', '2', '3', '1']) await strike(key);
  (document.activeElement as HTMLElement).click();
  await flushPromises();
  expect(dialog().textContent).toContain('FSRCNN');
  expect(dialog().textContent).toContain('4.50');
  expect(dialog().textContent).toContain('3.00 – 6.00');
  [...dialog().querySelectorAll('button')].find((one) => one.textContent.trim() === 'Make a sheet')!.click();
  await flushPromises();
  expect(sheet.plan.document).toMatchObject({
    truth: 'none',
    scales: [4],
    methods: [{ id: 'fsrcnn' }, { id: 'bicubic' }],
    style: { opinions: 'rate' },
  });
});

test('of a pair the left, the right or neither is chosen, by arrows as well; a key before the pictures counts nothing', async () => {
  const { door, blind, strike, begin } = await open('pairs', 3);
  await begin();
  await strike('ArrowLeft');
  await strike('0');
  void blind.answer(1);
  void blind.answer(2); // struck twice: the second is of a picture that nobody has seen
  await flushPromises();
  expect(door.paramsOf<{ answer: number }>('blind:answer').map(({ answer }) => answer)).toEqual([1, 0, 1]);
});

test('one that waits is gone on with where it was left', async () => {
  const { door, blind, dialog } = await open();
  door.answers['blind:open'] = () => [{ ...fresh('rate', 4), begunAt: 0, rater: 'Ada' }];
  blind.isOpen = false;
  await flushPromises();
  blind.open();
  await expect.poll(() => dialog().textContent).toContain('0 of 4 answered');
  [...dialog().querySelectorAll('button')].find((one) => one.textContent.trim() === 'Go on')!.click();
  await flushPromises();
  expect(door.paramsOf('job:blind')).toEqual([{ photo: 'photo-1', comparison: { again: 'c1' } }]);
  const half: BlindState = { comparison: 'c1', kind: 'rate', answers: [3, 4, null, null] };
  door.say({ event: { event: 'job:ended', line: { ...line, state: 'done', result: half } } });
  await flushPromises();
  expect(door.paramsOf('blind:show')).toEqual([{ comparison: 'c1', trial: 2 }]);
  expect(dialog().textContent).toContain('3 of 4');
});
