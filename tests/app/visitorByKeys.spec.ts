import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from './test';

test('a visitor without a pointer: zooms into three places, draws, compares in five ways, undoes, exports', async ({
  editor,
}) => {
  test.slow();
  const { page } = editor;
  const { keyboard } = page;
  const focused = page.locator(':focus');
  /** The last sentence that a screen reader was given of those that fit. */
  const spoken = (sentence: string | RegExp) =>
    page.locator('.only-spoken[role=status] p').filter({ hasText: sentence }).last();
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await keyboard.press(key);
  };

  const isAtSample = (): Promise<boolean> =>
    focused.evaluateAll(([at]) => at?.textContent === 'Try the sample');
  for (let step = 0; step < 24 && !(await isAtSample()); step += 1) await press('Tab');
  await press('Enter');
  await expect(page.getByRole('heading', { name: 'chart.png' })).toBeVisible();

  await press('m', 'ArrowDown');
  while ((await focused.getAttribute('data-method')) !== 'bicubic') await press('ArrowUp');
  for (let step = 0; step < 40 && (await focused.getAttribute('id')) !== 'view'; step += 1)
    await press('Shift+Tab');

  // Three places: each is told when the view has come to rest there.
  const places = new Set<string>();
  for (const arrows of [['ArrowLeft', 'ArrowUp'], ['ArrowRight', 'ArrowUp'], ['ArrowDown']]) {
    const before = places.size;
    await press('0', 'z', '+', '+', ...arrows.map((key) => `Shift+${key}`));
    await expect
      .poll(async () => {
        const told = await page.locator('.only-spoken[role=status] p').last().innerText();
        const place = /^200 percent, around photo pixel (\d+, \d+)\./.exec(told)?.[1];
        return place === undefined ? places.size : places.add(place).size;
      })
      .toBe(before + 1);
  }

  await press('0');
  await expect(spoken(/^The whole photo, at \d+ percent\./)).toHaveCount(1);

  // Two regions: the second is moved, made larger and told.
  const region = (n: number) => editor.button(new RegExp(`^Region Region ${n}, `));
  await press('r');
  await expect(spoken(/press Enter/)).toHaveCount(1);
  await press('Enter');
  await expect(region(1)).toBeFocused();
  await press('r', 'Enter');
  await expect(region(2)).toBeFocused();
  const before = /(\d+) by (\d+) pixels at (\d+), (\d+)/.exec((await focused.getAttribute('aria-label'))!)!;
  const [width, height, x, y] = before.slice(1).map(Number);
  await press('Shift+ArrowRight', 'Shift+Alt+ArrowDown');
  await expect(spoken(`Region 2: ${width} by ${height! + 10} pixels at ${x! + 10}, ${y}.`)).toHaveCount(1);

  // What is innermost closes, and no more.
  const original = page.getByRole('menuitem', { name: 'Original' });
  await press('a');
  await expect(original).toBeFocused();
  await press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  const add = page.getByRole('button', { name: 'Compare with another method' });
  await expect(add).toBeFocused();
  await expect(page.locator('.frame.chosen').first()).toBeVisible();

  // Four of them, each in front once in each of the ways.
  for (const name of ['Bilinear', 'Lanczos-3']) {
    await press('a');
    await expect(original).toBeFocused();
    await keyboard.type(name.slice(0, 3));
    await expect(page.getByRole('menuitem', { name, exact: true })).toBeFocused();
    await press('Enter');
    await expect(add).toBeFocused();
  }
  await expect(page.locator('.chip')).toHaveCount(4);
  for (const [keys, sentence] of [
    ['c v 3', 'Split: Original before the divider, Bilinear after it.'],
    ['g', 'Grid of Original, Bicubic, Bilinear, Lanczos-3.'],
    ['x 4', 'Flip: Lanczos-3 is shown, of Original, Bicubic, Bilinear, Lanczos-3.'],
    ['d 2', 'Difference: Bicubic less Original.'],
    ['l 3', 'Loupe with Original, Bicubic, Bilinear, Lanczos-3 over Bilinear.'],
  ] as const) {
    await press(...keys.split(' '));
    await expect(spoken(sentence)).toHaveCount(1);
  }
  await press('k');
  await expect(page.getByRole('slider', { name: 'Divider' })).toBeFocused();
  await press('Shift+ArrowRight');
  await expect(focused).toHaveAttribute('aria-valuenow', '60');

  while ((await page.locator('[data-region]').count()) > 0) await press('Control+z');
  await expect(spoken('Undone: add Region 1')).toHaveCount(1);
  await expect(page.locator('.chip')).toHaveCount(0);

  await press('s');
  await keyboard.type('1.5');
  await press('Enter', 'Escape');
  await expect(editor.field('Width in pixels')).toHaveValue('960');
  await press('Control+e');
  await expect(focused).toHaveAccessibleName('File name');
  const coming = page.waitForEvent('download');
  await press('Enter');
  expect((await coming).suggestedFilename()).toMatch(/^chart-bicubic-x1\.5\./);
  const { width: wide, height: high } = await sharp(await readFile(await (await coming).path())).metadata();
  expect([wide, high]).toEqual([960, 720]);
  await expect(spoken(/^Saved chart/)).toHaveCount(1);
});
