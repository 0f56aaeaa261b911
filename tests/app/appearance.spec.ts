import { startHost } from './host';
import { EditorPage } from './editorPage';
import { sampleFile } from './pictures';
import { expect, test } from './test';

test.describe('with a finger', () => {
  test.use({ viewport: { width: 1024, height: 640 }, hasTouch: true, isMobile: true });

  test('whatever is pressed is 44 pixels high, photos can be closed, and the window does not scroll', async ({
    editor,
  }) => {
    const { page } = editor;
    const bytes = await sampleFile();
    await editor.chooseFiles({ name: 'a.png', bytes }, { name: 'b.png', bytes });
    await expect(page.getByRole('button', { name: 'b.png', exact: true })).toBeVisible();
    await editor.surface.focus();
    await page.keyboard.press('v');
    await expect(page.getByRole('slider', { name: 'Divider' })).toBeVisible();
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, select, [role=tab], [role=slider]')]
        .map((one) => ({ says: one.ariaLabel ?? one.innerText, box: one.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1 && (box.height < 42 || box.width < 42))
        .map(({ says, box }) => `${says}: ${box.width} x ${box.height}`),
    );
    expect(small).toEqual([]);
    await expect(page.getByRole('button', { name: 'Close b.png' })).toHaveCSS('opacity', '1');
    const { bottom, scrolls } = await page.evaluate(() => ({
      bottom: document.querySelector('footer .view-facts')!.getBoundingClientRect().bottom,
      scrolls: document.documentElement.scrollHeight - innerHeight,
    }));
    expect(bottom).toBeLessThanOrEqual(640);
    expect(scrolls).toBe(0);
  });
});

test.describe('at the smallest size, light and in Korean', () => {
  test.use({ viewport: { width: 1024, height: 640 }, colorScheme: 'light', locale: 'ko-KR' });

  test('everything is inside the window and reachable', async ({ editor }) => {
    await editor.button('견본 써 보기').click();
    await editor.sharp();
    await expect(editor.page.locator('html')).toHaveAttribute('lang', 'ko');
    await expect(editor.page.locator('html')).toHaveAttribute('data-theme', 'light');
    const outside = await editor.page.evaluate(() =>
      [...document.querySelectorAll('button:not([data-method]), input.entry, footer, header')]
        .filter((element) => !element.closest('.list'))
        .map((element) => ({ text: element.textContent, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.right > 1024 || box.bottom > 640 || box.left < 0))
        .map(({ text }) => text),
    );
    expect(outside).toEqual([]);
  });

  test('the bar of every way to compare has room for all that it offers, and the sheet scrolls only within', async ({
    editor,
  }) => {
    const { page } = editor;
    await editor.button('견본 써 보기').click();
    await editor.sharp();
    await editor.surface.focus();
    for (const key of ['v', 'g', 'x', 'd', 'l']) {
      await page.keyboard.press(key);
      const bar = page.getByRole('region', { name: '비교', exact: true });
      await expect(bar.getByRole('button', { pressed: true }).first()).toHaveAttribute(
        'aria-keyshortcuts',
        key.toUpperCase(),
      );
      const beyond = await bar.evaluate((element) => {
        const { right } = element.getBoundingClientRect();
        return [...element.querySelectorAll('button, select, input')].filter(
          (one) => one.getBoundingClientRect().right > right - 4,
        ).length;
      });
      expect(beyond, key).toBe(0);
    }
    await page.keyboard.press('j');
    const dialog = page.getByRole('dialog', { name: '비교 시트' });
    await expect(dialog).toBeVisible();
    expect(await dialog.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0);
  });

  test('the key of the scale unfolds the size, which is said whole however large it is', async ({
    editor,
  }) => {
    const { page } = editor;
    await editor.button('견본 써 보기').click();
    await editor.sharp();
    const factor = page.locator('.size input').first();
    await expect(factor).toBeHidden();
    await page.keyboard.press('s');
    await expect(factor).toBeFocused();
    await page.keyboard.type('30');
    await page.keyboard.press('Enter');
    await expect(page.locator('.size .parts')).toHaveText(/×30\s*19200 × 14400\s*163 × 122 cm/);
    await expect(factor).toBeVisible();
    const { x, width } = (await page.locator('.size .line').boundingBox())!;
    const ends = await page
      .locator('.size .part')
      .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().right));
    for (const end of ends) expect(end).toBeLessThan(x + width - 24);
  });
});

test('theme and language are chosen by hand and remembered', async ({ editor }) => {
  const { page } = editor;
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await editor.button('Settings').click();
  await page.getByText('Light', { exact: true }).click();
  await expect(root).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(root).toHaveAttribute('data-theme', 'light');
  await editor.button('Settings').click();
  await page.getByText('System', { exact: true }).first().click();
  await expect(root).toHaveAttribute('data-theme', 'dark');
});

test('with reduced motion the zoom jumps instead of easing', async ({ editor }) => {
  await editor.openSample();
  await editor.page.keyboard.press('z');
  await expect(editor.view).toHaveAttribute('data-zoom', '1');
  const durations = await editor.page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue('--slow').trim(),
  );
  expect(Number.parseFloat(durations)).toBe(0);
});

test('when Enlarger itself ends, the page says so', async ({ page }) => {
  const host = await startHost();
  const editor = new EditorPage(page);
  await page.goto(host.address);
  await editor.openSample();
  await host.close();
  await expect(page.getByRole('alert')).toContainText('The connection to Enlarger is lost');
  await expect(editor.button('Try now')).toBeVisible();
});
