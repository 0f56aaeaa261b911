import type { EditorPage } from './editorPage';
import { difference } from './editorPage';
import { cut } from './pictures';
import { expect, test, withMotion } from './test';

/** The sample with nearest and bicubic in the tray: quick, and unlike each other. */
async function compareTwo(editor: EditorPage): Promise<void> {
  await editor.openSample();
  await editor.method('Bicubic').click();
  await editor.surface.focus();
  await editor.page.keyboard.press('v');
  await expect(editor.button(/^Split/)).toHaveAttribute('aria-pressed', 'true');
  await editor.sharp();
}

test('a split shows the original on one side and the method on the other, and the divider is moved by hand and keys', async ({
  editor,
}) => {
  const { page } = editor;
  await compareTwo(editor);
  const halved = await editor.picture();
  const divider = page.getByRole('slider', { name: 'Divider' });
  await expect(divider).toHaveAttribute('aria-valuenow', '50');

  const box = await editor.box();
  const zoom = await editor.zoom();
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.3, box.y + 220, { steps: 5 });
  await page.mouse.up();
  await expect(divider).toHaveAttribute('aria-valuenow', '30');
  expect(await editor.zoom()).toBe(zoom);
  await editor.sharp();
  const middle = { x: Math.round(box.width * 0.34), y: 60, width: Math.round(box.width * 0.14), height: 300 };
  const part = cut(halved, middle.x, middle.y, middle.width, middle.height);
  // The part between the two places changed from the original to the method.
  await expect.poll(async () => difference(await editor.picture(), part, middle)).toBeGreaterThan(0.5);

  await divider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(divider).toHaveAttribute('aria-valuenow', '31');
  await page.keyboard.press('Control+z');
  await expect(divider).toHaveAttribute('aria-valuenow', '30');
  await page.keyboard.press('Control+z');
  await expect(divider).toHaveAttribute('aria-valuenow', '50');
  // Labels at the top and the divider's focus aside.
  const left = cut(halved, 60, 120, 300, 300);
  await expect
    .poll(async () => difference(await editor.picture(), left, { x: 60, y: 120 }))
    .toBeLessThan(0.1);
});

test('the divider stays where it is while the photo is zoomed', async ({ editor }) => {
  const { page } = editor;
  await compareTwo(editor);
  const divider = page.getByRole('slider', { name: 'Divider' });
  const before = await divider.boundingBox();
  const box = await editor.box();
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.4);
  const zoom = await editor.zoom();
  for (let turn = 0; turn < 3; turn += 1) await page.mouse.wheel(0, -120);
  await expect.poll(() => editor.zoom()).toBeGreaterThan(zoom * 2);
  expect(await divider.boundingBox()).toEqual(before);
});

test('number keys flip in place, O shows the original while it is held, and nothing moves', async ({
  editor,
}) => {
  const { page } = editor;
  await compareTwo(editor);
  await page.keyboard.press('x');
  await expect(editor.button(/^Flip/)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('1');
  await editor.sharp();
  const original = await editor.picture();
  await page.keyboard.press('2');
  await editor.sharp();
  const method = await editor.picture();
  const apart = difference(original, method, { x: 0, y: 0 });
  expect(apart).toBeGreaterThan(0.3);
  expect(apart).toBeLessThan(20);
  const zoom = await editor.zoom();

  await page.keyboard.down('o');
  await editor.sharp();
  const below = cut(original, 100, 120, 300, 250);
  await expect
    .poll(async () => difference(await editor.picture(), below, { x: 100, y: 120 }))
    .toBeLessThan(0.1);
  await page.keyboard.up('o');
  await editor.sharp();
  const back = cut(method, 100, 120, 300, 250);
  await expect
    .poll(async () => difference(await editor.picture(), back, { x: 100, y: 120 }))
    .toBeLessThan(0.1);
  expect(await editor.zoom()).toBe(zoom);
});

test.describe('with motion', () => {
  test.use(withMotion);

  test('blinking goes through the tray by itself, and a key stops it', async ({ editor }) => {
    const { page } = editor;
    await compareTwo(editor);
    await page.keyboard.press('b');
    const first = page.getByRole('button', { name: 'Original', exact: false }).first();
    await expect(editor.button('Blink')).toHaveAttribute('aria-pressed', 'true');
    const chips = page.locator('.chip');
    await expect(chips.nth(1)).toHaveAttribute('aria-pressed', 'true');
    await expect(chips.nth(0)).toHaveAttribute('aria-pressed', 'true');
    await expect(first).toBeVisible();
    await page.keyboard.press('2');
    await expect(editor.button('Blink')).toHaveAttribute('aria-pressed', 'false');
    await expect(chips.nth(1)).toHaveAttribute('aria-pressed', 'true');
  });
});

test('with reduced motion nothing blinks, and B goes on by one', async ({ editor }) => {
  await compareTwo(editor);
  await editor.page.keyboard.press('x');
  await expect(editor.button('Blink')).toHaveAttribute('aria-disabled', 'true');
  const chips = editor.page.locator('.chip');
  await expect(chips.nth(0)).toHaveAttribute('aria-pressed', 'true');
  await editor.page.keyboard.press('b');
  await expect(chips.nth(1)).toHaveAttribute('aria-pressed', 'true');
});

test('panes of a grid move as one, each with its own method', async ({ editor }) => {
  const { page } = editor;
  await compareTwo(editor);
  await page.keyboard.press('g');
  await editor.sharp();
  const labels = page.locator('.cell .tag');
  await expect(labels).toHaveText([/Original/, /Bicubic/]);
  await labels.nth(1).click();
  await page.getByRole('menuitem', { name: 'Nearest' }).click();
  await expect(labels.nth(1)).toContainText('Nearest');
  // The original is the nearest neighbour: both panes now have the same pixels at the same places.
  const box = await editor.box();
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.6);
  const zoom = await editor.zoom();
  for (let turn = 0; turn < 3; turn += 1) await page.mouse.wheel(0, -120);
  await expect.poll(() => editor.zoom()).toBeGreaterThan(zoom * 2);
  await editor.sharp();
  const shown = await editor.picture();
  const cells = await page
    .locator('.cell')
    .evaluateAll((all) =>
      all.map((cell) => ({ x: (cell as HTMLElement).offsetLeft, y: (cell as HTMLElement).offsetTop })),
    );
  const [a, b] = [cells[0]!, cells[1]!];
  const part = cut(shown, a.x + 20, a.y + 60, 200, 150);
  expect(difference(shown, part, { x: b.x + 20, y: b.y + 60 })).toBe(0);
});

test('a difference is black where both agree, and lighter with more gain', async ({ editor }) => {
  const { page } = editor;
  await compareTwo(editor);
  await page.keyboard.press('d');
  await editor.sharp();
  const gain = page.getByRole('slider', { name: 'Gain of the difference' });
  const mean = async (): Promise<number> => {
    const { data, width, height } = await editor.picture();
    let sum = 0;
    for (let y = 100; y < height - 60; y += 1) {
      for (let x = 150; x < width - 150; x += 1) sum += data[(y * width + x) * 4]!;
    }
    return sum / ((height - 160) * (width - 300));
  };
  const some = await mean();
  expect(some).toBeGreaterThan(0.5);
  await gain.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(mean).toBeGreaterThan(some * 1.5);

  await page.locator('.pair .tag').first().click();
  await page.getByRole('menuitem', { name: 'Nearest' }).click();
  await editor.sharp();
  await expect.poll(mean).toBeLessThan(0.1);
  await editor.button('Signed').click();
  await expect.poll(async () => Math.round(await mean())).toBe(128);
});

test('the loupe shows all of the set at the cursor', async ({ editor }) => {
  const { page } = editor;
  await compareTwo(editor);
  await page.keyboard.press('l');
  const box = await editor.box();
  const at = { x: Math.round(box.width * 0.3), y: Math.round(box.height * 0.4) };
  await page.mouse.move(box.x + at.x, box.y + at.y);
  await editor.sharp();
  const pictures = page.locator('.picture');
  await expect(pictures).toHaveCount(2);
  const place = await pictures.first().evaluate((one: HTMLElement) => ({
    x: one.offsetLeft + one.offsetWidth / 2,
    y: one.offsetTop + one.offsetHeight / 2,
  }));
  const shown = await editor.picture();
  // What lies around the cursor lies around the middle of the loupe's picture, to the pixel.
  const under = cut(shown, at.x - 70, at.y - 50, 80, 40);
  expect(difference(shown, under, { x: place.x - 70, y: place.y - 50 })).toBeLessThan(3);
});

test('the tray is filled, ordered and emptied by keyboard, and undo takes it back', async ({ editor }) => {
  const { page } = editor;
  await compareTwo(editor);
  const chips = page.locator('.chip .name');
  await expect(chips).toHaveText(['Original', 'Bicubic']);
  await page.getByRole('button', { name: 'Compare with another method' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Lanczos-3', exact: true }).press('Enter');
  await expect(chips).toHaveText(['Original', 'Bicubic', 'Lanczos-3']);
  await page.locator('.chip').nth(2).focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(chips).toHaveText(['Original', 'Lanczos-3', 'Bicubic']);
  await page.keyboard.press('Delete');
  await expect(chips).toHaveText(['Original', 'Bicubic']);
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('Control+z');
  await expect(chips).toHaveText(['Original', 'Bicubic']);
  await page.keyboard.press('Control+z');
  await expect(chips).toHaveCount(0);
});
