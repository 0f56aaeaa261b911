import { flushPromises } from '@vue/test-utils';
import { expect, test } from 'vitest';
import SheetCrops from '../../src/renderer/panels/sheet/SheetCrops.vue';
import SheetPreview from '../../src/renderer/panels/sheet/SheetPreview.vue';
import { useSheet } from '../../src/renderer/stores/sheet';
import type { Params } from '../../src/shared/contract';
import { FakeDoor, Refusal } from './fakeDoor';
import { mountPart } from './mountPart';

const A = 'photo-1';
const B = 'photo-2';
const CROP = { x: 10, y: 20, width: 96, height: 96 };

/** Two photos, of which A is in the view, and the parts of the designer that speak of them. */
async function openTwo(answers: ConstructorParameters<typeof FakeDoor>[0] = {}) {
  const door = new FakeDoor({
    'sheet:draw': ({ document, photos }: Params<'sheet:draw'>) => ({
      document,
      whole: [],
      crops: [],
      caption: `Of ${photos.map(({ photo }) => photo).join()}.`,
      svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      isUnmeasured: false,
    }),
    ...answers,
  });
  const parts = await mountPart(door, [SheetPreview, SheetCrops], ['chart.png', 'b.png']);
  const sheet = useSheet(parts.pinia);
  const [preview, crops] = [parts.mounted[0]!, parts.mounted[1]!];
  const show = async (photo: string): Promise<void> => {
    sheet.isOpen = false;
    parts.doc.show(photo);
    await flushPromises();
    sheet.open();
    await flushPromises();
  };
  await show(A);
  return { door, sheet, preview, crops, show, caption: () => preview.find('img').attributes('alt') };
}

test('a sheet of one photo is not the preview of another, whose crops are proposed until it has its own', async () => {
  const { door, sheet, caption, preview, show } = await openTwo();
  sheet.open({ truth: 'hide', scale: 4, crops: [CROP], methods: ['bicubic'] });
  await sheet.draw();
  await flushPromises();
  expect([caption(), sheet.design.crops]).toEqual(['Of photo-1.', 'chosen']);

  await show(B);
  expect(preview.find('img').exists()).toBe(false);
  expect([sheet.design.crops, sheet.plan.problem]).toEqual(['proposed', null]);
  await sheet.draw();
  await flushPromises();
  expect(caption()).toBe('Of photo-2.');
  expect(door.paramsOf<Params<'sheet:draw'>>('sheet:draw').at(-1)!.document).toMatchObject({
    crops: [],
    proposals: 2,
  });

  // A's own choice was not lost by that.
  await show(A);
  expect(preview.find('img').exists()).toBe(false);
  expect(sheet.plan.document?.crops).toEqual([{ photo: 0, region: CROP }]);
});

test('a photo whose own crops are still to be drawn has an empty preview that says so', async () => {
  const { sheet, crops, preview, show } = await openTwo();
  await sheet.draw();
  await show(B);
  await crops.get('input[value=chosen]').setValue();
  await flushPromises();
  const says = 'Draw a crop on the photo, or let them be proposed.';
  expect(preview.find('img').exists()).toBe(false);
  expect(preview.get('.missing').text()).toBe(says);
  // It is heard too.
  expect(preview.get('[role=status]').text()).toBe(says);
  sheet.pick(B, CROP);
  await flushPromises();
  expect(preview.find('.missing').exists()).toBe(false);
  await show(A);
  expect(sheet.design.crops).toBe('proposed');
});

test('a sheet that is only out of date stays, dimmed, and what it lacks stands below it', async () => {
  const { sheet, caption, preview } = await openTwo();
  await sheet.draw();
  sheet.removeMethod(sheet.design.methods[0]!.key);
  await flushPromises();
  expect(caption()).toBe('Of photo-1.');
  expect(preview.get('.paper').classes()).toContain('stale');
  expect(preview.get('.state').text()).toBe('Add a method.');
  expect(preview.find('.missing').exists()).toBe(false);
});

test('the grid has its own choice, and its preview is of all its photos', async () => {
  const { sheet, caption, preview, show } = await openTwo();
  await sheet.draw();
  sheet.chooseCrops('chosen');
  sheet.pick(A, CROP);
  sheet.change({ layout: 'grid' });
  await flushPromises();
  expect(preview.find('img').exists()).toBe(false);
  expect(sheet.design.crops).toBe('proposed'); // B has none
  sheet.chooseCrops('chosen');
  await flushPromises();
  expect(preview.get('.missing').text()).toContain('b.png has no region');
  sheet.pick(B, CROP);
  await sheet.draw();
  await flushPromises();
  expect(caption()).toBe('Of photo-1,photo-2.');
  sheet.change({ layout: 'paper' });
  await show(B);
  expect(preview.find('img').exists()).toBe(false);
  expect(sheet.design.crops).toBe('chosen');
});

test('why a sheet of one photo failed is not told of another', async () => {
  const fault = { code: 'bad-region', message: 'Expected a crop inside.' } as const;
  const { sheet, show } = await openTwo({
    'sheet:draw': () => {
      throw new Refusal(fault);
    },
  });
  const late = sheet.draw();
  await show(B);
  await late;
  expect(sheet.fault).toBeNull();
  await sheet.draw();
  expect(sheet.fault).toEqual(fault);
  await show(A);
  expect(sheet.fault).toBeNull();
});
