import sharp from 'sharp';
import { paint, sampleFile } from './pictures';
import { expect, test } from './test';

test('the tabs of the tools, and the history that goes anywhere', async ({ editor }) => {
  const { page } = editor;
  await editor.openSample();
  await editor.method('Lanczos-3').first().click();
  await editor.method('Bilinear').click();
  await page.getByRole('tab', { name: 'History' }).click();
  const steps = page.getByRole('list', { name: 'History' }).getByRole('button');
  await expect(steps).toHaveText(['beginning', 'open chart.png', 'method Lanczos-3', 'method Bilinear']);
  await expect(steps.nth(3)).toHaveAttribute('aria-current', 'step');
  await steps.nth(1).click();
  await expect(steps.nth(1)).toHaveAttribute('aria-current', 'step');
  await page.keyboard.press('ArrowDown');
  await expect(steps.nth(2)).toBeFocused();
  await page.keyboard.press('m');
  await expect(page.getByRole('textbox', { name: 'Search methods' })).toBeFocused();
  await expect(editor.method('Lanczos-3').first()).toHaveAttribute('aria-checked', 'true');
});

test('the divider follows the tool anywhere on the photo, and Space is the hand meanwhile', async ({
  editor,
}) => {
  const { page } = editor;
  await editor.openSample();
  await page.getByRole('button', { name: 'Divider', exact: true }).click();
  const divider = page.getByRole('slider', { name: 'Divider' });
  await expect(divider).toHaveAttribute('aria-valuenow', '50');
  const box = await editor.box();
  const at = (share: number): [number, number] => [box.x + box.width * share, box.y + box.height * 0.7];
  await page.mouse.move(...at(0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.3), { steps: 3 });
  await page.mouse.up();
  await expect(divider).toHaveAttribute('aria-valuenow', '30');

  await page.keyboard.down(' ');
  await page.mouse.move(...at(0.6));
  await page.mouse.down();
  await page.mouse.move(...at(0.5), { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up(' ');
  await expect(divider).toHaveAttribute('aria-valuenow', '30');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Hand', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('the line of the size folds, and comes back as it was left; the film strip is resized by keys', async ({
  editor,
}) => {
  const { page } = editor;
  const bytes = await sampleFile();
  await editor.chooseFiles({ name: 'first.png', bytes }, { name: 'second.png', bytes });
  await expect(page.getByRole('heading', { name: 'first.png' })).toBeVisible();
  // The strip is there while the second one is on its way; what is not open yet does not outlive a reload.
  await expect(page.getByRole('button', { name: 'second.png', exact: true })).toBeVisible();
  const line = page.getByRole('button', { name: /^×/ }).filter({ hasText: 'cm' });
  await expect(editor.field('Width in pixels')).toBeVisible();
  await line.click();
  await expect(editor.field('Width in pixels')).toBeHidden();
  const handle = page.getByRole('separator', { name: 'Height of the film strip' });
  await handle.focus();
  await page.keyboard.press('ArrowUp');
  await expect(handle).toHaveAttribute('aria-valuenow', '92');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'first.png' })).toBeVisible();
  await expect(editor.field('Width in pixels')).toBeHidden();
  await line.click();
  await expect(editor.field('Width in pixels')).toBeVisible();
  await handle.focus();
  await page.keyboard.press('ArrowDown');
});

test('in a low window the size that S unfolds leaves the list of methods room for several rows', async ({
  editor,
}) => {
  const { page } = editor;
  await page.setViewportSize({ width: 1024, height: 640 });
  await editor.openSample();
  await editor.sharp();
  await page.keyboard.press('s');
  await expect(editor.field('Scale factor')).toBeFocused();
  const list = await page.getByRole('radiogroup', { name: 'Method' }).boundingBox();
  const row = await editor.method('Bicubic').boundingBox();
  expect(list!.height).toBeGreaterThan(4 * row!.height);
});

test('text of 200 %, which halves the window: the name beside its pages, every method and setting can be reached', async ({
  editor,
}) => {
  const { page } = editor;
  const name = page.getByRole('heading', { name: 'frames.gif' });
  const room = (): Promise<number> => name.evaluate(({ clientWidth }) => clientWidth);
  const frames = [await paint(64, 48, () => [90, 0, 0, 255]), await paint(64, 48, () => [0, 90, 0, 255])];
  const bytes = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  await page.setViewportSize({ width: 900, height: 600 });
  await editor.chooseFiles({ name: 'frames.gif', bytes });
  await expect(editor.field('Frame of the file')).toBeVisible();
  await expect(page.getByText('of 2', { exact: true })).toBeVisible();
  expect(await name.evaluate((head) => head.scrollWidth - head.clientWidth)).toBe(0);

  // The ways to compare scroll in their bar, and lie over nothing beside it.
  await page.setViewportSize({ width: 512, height: 320 });
  const bar = page.getByRole('region', { name: 'Compare', exact: true });
  await bar.getByRole('button', { name: /^Loupe/ }).click();
  await expect(bar.getByRole('button', { name: /^Loupe/ })).toHaveAttribute('aria-pressed', 'true');
  await bar.getByRole('button', { name: 'Compare with another method' }).click();
  await expect(page.getByRole('menuitem', { name: 'Original' })).toBeVisible();
  await page.keyboard.press('Escape');
  // Both methods are named whole, beside the divider and in a difference.
  const names = page.locator('.overlay .tag .name');
  for (const key of ['v', 'd']) {
    await editor.surface.focus();
    await page.keyboard.press(key);
    await expect(names).toHaveCount(2);
    const cut = await names.evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth));
    expect(cut, key).toEqual([0, 0]);
  }
  await bar.getByRole('button', { name: /^One/ }).click();

  await page.setViewportSize({ width: 640, height: 400 });
  await expect(editor.field('Frame of the file')).toBeVisible();
  await expect.poll(room).toBeGreaterThan(60);
  await editor.method('Nearest neighbour').click();
  await editor.button('Settings').click();
  // Where models lie is the last of them.
  const last = page.getByText(/models$/, { exact: false }).last();
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport();
});
