import { flushPromises, mount } from '@vue/test-utils';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTexts } from '../../src/renderer/locales';
import SheetPreview from '../../src/renderer/panels/sheet/SheetPreview.vue';
import { useCompare } from '../../src/renderer/stores/compare';
import { useJobs } from '../../src/renderer/stores/jobs';
import { useSheet } from '../../src/renderer/stores/sheet';
import type { Params, PageDoorParams, Value } from '../../src/shared/contract';
import { FakeDoor, jobLine, Refusal } from './fakeDoor';
import { openSample } from './openApp';

const drawnOf = ({ document }: Params<'sheet:draw'>): Value<'sheet:draw'> => ({
  document,
  whole: [],
  crops: [],
  caption: 'What it shows.',
  svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  isUnmeasured: document.truth !== 'none',
});

async function open(answers: ConstructorParameters<typeof FakeDoor>[0] = {}) {
  const door = new FakeDoor({ 'sheet:draw': drawnOf, ...answers });
  const { app, pinia } = await openSample(door);
  return { app, door, pinia, sheet: useSheet(pinia), compare: useCompare(pinia), jobs: useJobs(pinia) };
}

test('takes the methods of the tray, and keeps its own list until the tray is another', async () => {
  const { sheet, compare } = await open();
  const ids = () => sheet.design.methods.map(({ id }) => id);
  sheet.open();
  expect(ids()).toEqual(['bicubic']);
  compare.addOriginal();
  compare.add('fsrcnn');
  compare.add('fsrcnn');
  sheet.open();
  expect(ids()).toEqual(['fsrcnn']);
  sheet.addMethod('bicubic');
  sheet.moveMethod(sheet.design.methods[1]!.key, -1);
  sheet.open();
  expect(ids()).toEqual(['bicubic', 'fsrcnn']);
});

test('shows what the engine drew of it, and drops what comes late', async () => {
  const waiting: (() => void)[] = [];
  const { door, sheet } = await open();
  sheet.open();
  await sheet.draw();
  expect(sheet.isDrawn).toBe(true);
  expect(door.paramsOf<Params<'sheet:draw'>>('sheet:draw')).toMatchObject([
    { measures: false, document: { scales: [4], truth: 'none' }, photos: [{ photo: 'photo-1' }] },
  ]);
  // A door that answers when it is told to.
  vi.spyOn(door, 'post').mockImplementation((message) => {
    const value = drawnOf(message.params as Params<'sheet:draw'>);
    waiting.push(() => door.say({ id: message.id, result: { ok: true, value } }));
  });
  sheet.change({ title: 'first' });
  const first = sheet.draw();
  sheet.change({ title: 'second' });
  const second = sheet.draw();
  expect(sheet.isDrawn).toBe(false);
  waiting[1]!();
  await second;
  waiting[0]!();
  await first;
  expect(sheet.drawn?.value.document.style.title).toBe('second');
  expect([sheet.isDrawn, sheet.drawing]).toEqual([true, 'none']);
});

test('shows how far the engine is with it, and nothing of that where it draws nothing', async () => {
  const { door, pinia, sheet } = await open();
  const preview = mount(SheetPreview, { global: { plugins: [pinia, createTexts()] } });
  onTestFinished(() => preview.unmount());
  const tell = async (done: number, label?: string): Promise<void> => {
    door.say({ event: { event: 'sheet:drawing', done, total: 14, ...(label !== undefined && { label }) } });
    await flushPromises();
  };
  const bar = () => preview.find('[role=progressbar]');
  sheet.open();
  await tell(3);
  expect(bar().exists()).toBe(false);
  const posted = vi.spyOn(door, 'post').mockImplementation(() => undefined);
  const drawing = sheet.draw();
  await flushPromises();
  expect([preview.find('.state').text(), bar().exists()]).toEqual(['Drawing', false]);
  await tell(7, 'FSRCNN ×4');
  expect(preview.find('.state').text()).toBe('Drawing: FSRCNN ×4');
  expect(bar().attributes('aria-valuenow')).toBe('50');
  const value = drawnOf(sheet.order as Params<'sheet:draw'>);
  door.say({ id: posted.mock.calls.at(-1)![0].id, result: { ok: true, value } });
  await drawing;
  await flushPromises();
  expect([sheet.isDrawn, bar().exists()]).toEqual([true, false]);
});

test('says why it cannot be drawn, but not that a newer drawing stopped it', async () => {
  const fault = { code: 'bad-region', message: 'Expected a crop inside.' } as const;
  let thrown: Refusal = new Refusal(fault);
  const { sheet } = await open({
    'sheet:draw': () => {
      throw thrown;
    },
  });
  sheet.open();
  await sheet.draw();
  expect(sheet.fault).toEqual(fault);
  sheet.fault = null;
  thrown = new Refusal({ code: 'stopped', message: 'Stopped.' });
  await sheet.draw();
  expect(sheet.fault).toBeNull();
});

test('is saved as a job, which is fetched and told when it is done', async () => {
  const line = jobLine({ kind: 'sheet', title: 'chart-sheet.pdf' });
  const { app, door, sheet, jobs } = await open({ 'door:sheet': () => line });
  sheet.open();
  sheet.format = 'pdf';
  await sheet.save('chart-sheet.pdf');
  expect(door.paramsOf<PageDoorParams<'door:sheet'>>('door:sheet')).toMatchObject([
    { format: 'pdf', suggestedName: 'chart-sheet.pdf', photos: [{ photo: 'photo-1' }] },
  ]);
  expect(jobs.current?.name).toBe('chart-sheet.pdf');
  const { document } = sheet.plan;
  const result = {
    ...drawnOf({ document } as Params<'sheet:draw'>),
    beside: [],
    bytes: 5,
    seconds: 1,
    notes: ['Something is worth a word.'],
  };
  door.say({ event: { event: 'job:ended', line: { ...line, state: 'done', result } } });
  await flushPromises();
  expect(door.paramsOf('door:collect')).toHaveLength(1);
  expect(jobs.saved).toMatchObject({ name: 'chart-sheet.pdf', size: null });
  expect(app.text()).toContain('Something is worth a word.');
});

test('a sheet whose answer was lost with the connection is not made twice by trying again', async () => {
  /** Orders that reached the engine. */
  let begun: readonly (string | undefined)[] = [];
  const { app, door, sheet } = await open({
    'jobs:list': () =>
      begun.map((orderId) => jobLine({ job: 'sheet1', kind: 'sheet', title: 'sheet.png', orderId })),
  });
  const asked = (): PageDoorParams<'door:sheet'>[] => door.paramsOf('door:sheet');
  sheet.open();
  const tryAgain = async (): Promise<void> => {
    const button = app.findAll('.lane button').find((one) => one.text() === 'Try again')!;
    await button.trigger('click');
    await flushPromises();
  };
  /** Its answer never comes. */
  const loseWhileSaving = async (arrives: boolean): Promise<void> => {
    void sheet.save('sheet.png');
    await flushPromises();
    door.state('lost');
    if (arrives) begun = [asked().at(-1)!.orderId];
    door.state('open');
    await flushPromises();
  };
  await loseWhileSaving(true);
  expect(asked()).toHaveLength(1);
  await tryAgain();
  expect(asked()).toHaveLength(1);

  // One that did not get there is ordered anew, by its name of then.
  await loseWhileSaving(false);
  await tryAgain();
  const [first, second, third] = asked();
  expect(third).toEqual(second);
  expect(second!.orderId).not.toBe(first!.orderId);
});
