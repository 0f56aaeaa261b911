import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test, withMotion } from './test';

test.use(withMotion);

/** A photo of 12 megapixels with something in it everywhere. */
function photo(): Promise<Buffer> {
  const [width, height] = [4000, 3000];
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  return sharp({ create: { width: width / 8, height: height / 8, channels: 3, background: '#000', noise } })
    .resize(width, height, { kernel: 'cubic' })
    .jpeg({ quality: 90 })
    .toBuffer();
}

test('a visitor opens 12 MP, zooms, draws, compares four methods in five ways, undoes it all and exports, by keys', async ({
  editor,
}) => {
  test.slow();
  const { page } = editor;
  await editor.chooseFiles({ name: 'wide.jpg', bytes: await photo() });
  await expect(page.getByRole('heading', { name: 'wide.jpg' })).toBeVisible();
  await editor.method('Bicubic').click();
  await editor.surface.focus();
  const box = await editor.box();
  for (const [x, y] of [
    [0.2, 0.2],
    [0.7, 0.3],
    [0.5, 0.8],
  ] as const) {
    await page.keyboard.press('0');
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
    await page.keyboard.press('z');
    await page.keyboard.press('+');
    await editor.sharp();
    expect(await editor.zoom()).toBeGreaterThan(1);
  }

  await page.keyboard.press('0');
  await editor.sharp();
  for (const x of [200, 420]) {
    await page.keyboard.press('r');
    await page.mouse.move(box.x + x, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + x + 100, box.y + 260, { steps: 3 });
    await page.mouse.up();
  }
  await expect(page.locator('[data-region]')).toHaveCount(2);

  await page.keyboard.press('v');
  for (const name of ['Bilinear', 'Lanczos-3']) {
    await editor.button('Compare with another method').click();
    await page
      .getByRole('menuitemradio', { name, exact: true })
      .or(page.getByRole('menuitem', { name, exact: true }))
      .first()
      .click();
  }
  await expect(page.locator('.chip')).toHaveCount(4);
  await page.keyboard.press('Escape');
  await editor.surface.focus();
  for (const [key, name] of [
    ['v', 'Split'],
    ['g', 'Grid'],
    ['x', 'Flip'],
    ['d', 'Difference'],
    ['l', 'Loupe'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(
      page.getByRole('toolbar', { name: 'Ways to compare' }).getByRole('button', { name }),
    ).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('3');
    await editor.sharp();
  }

  const undo = page.locator('.top').getByRole('button', { name: /^Undo: / });
  while ((await page.locator('[data-region]').count()) > 0) await page.keyboard.press('Control+z');
  await expect(page.locator('.chip')).toHaveCount(0);
  await expect(undo).toHaveAccessibleName(/method Bicubic|open wide\.jpg/);

  await page.keyboard.press('s');
  await page.keyboard.type('1.5');
  await page.keyboard.press('Enter');
  await editor.surface.focus();
  await page.keyboard.press('e');
  const coming = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const { width, height } = await sharp(await readFile(await (await coming).path())).metadata();
  expect({ width, height }).toEqual({ width: 6000, height: 4500 });
});
