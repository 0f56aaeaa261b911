import sharp from 'sharp';
import { sampleFile } from './pictures';
import { expect, test } from './test';

test('files dropped anywhere are opened, with a strip when there are several', async ({ editor }) => {
  const bytes = await sampleFile();
  await editor.drop({ name: 'first.png', bytes }, { name: 'second.png', bytes });
  const strip = editor.page.getByRole('navigation', { name: 'Photos' });
  await expect(strip.getByRole('listitem')).toHaveCount(2);
  await expect(editor.page.getByRole('heading', { name: 'first.png' })).toBeVisible();
  await editor.sharp();
  await editor.page.keyboard.press(']');
  await expect(editor.page.getByRole('heading', { name: 'second.png' })).toBeVisible();
  await editor.page.keyboard.press('w');
  await expect(strip).toBeHidden();
  await expect(editor.page.getByRole('heading', { name: 'first.png' })).toBeVisible();
});

test('a text file named .jpg gets one sentence, and the rest is opened', async ({ editor }) => {
  const bytes = await sampleFile();
  await editor.drop({ name: 'notes.jpg', bytes: Buffer.from('hello') }, { name: 'good.png', bytes });
  const alert = editor.page.getByRole('alert');
  await expect(alert).toContainText('notes.jpg');
  await expect(alert.getByRole('button', { name: 'Open another' })).toBeVisible();
  await expect(editor.page.getByRole('heading', { name: 'good.png' })).toBeVisible();
  await editor.sharp();
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toHaveCount(0);
});

test('an empty file is refused on the empty window, which stays usable', async ({ editor }) => {
  await editor.chooseFiles({ name: 'nothing.png', bytes: Buffer.alloc(0) });
  await expect(editor.page.getByRole('alert')).toContainText('nothing.png');
  await editor.openSample();
  await expect(editor.page.getByRole('heading', { name: 'chart.png' })).toBeVisible();
});

test('a picture in the clipboard is pasted; a text is refused in words', async ({ editor }) => {
  const base64 = (await sampleFile()).toString('base64');
  const paste = (picture: string | null): Promise<void> =>
    editor.page.evaluate((content) => {
      const data = new DataTransfer();
      if (content === null) data.setData('text/plain', 'hello');
      else {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      }
      document.body.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    }, picture);
  await paste(null);
  await expect(editor.page.getByText('The clipboard holds no picture.')).toBeVisible();
  await paste(base64);
  await expect(editor.page.getByRole('heading', { name: /^pasted .*\.png$/ })).toBeVisible();
});

test('a photo that is cut off says so once, where it would be', async ({ editor }) => {
  const pixels = Buffer.from(
    Uint8Array.from({ length: 600 * 400 * 3 }, (_, i) => (i * 7 + (i >> 9) * 13) & 255),
  );
  const whole = await sharp(pixels, { raw: { width: 600, height: 400, channels: 3 } })
    .jpeg()
    .toBuffer();
  await editor.page.evaluate(() => {
    const counted = document.body;
    counted.dataset['alerts'] = '0';
    new MutationObserver((changes) => {
      const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
      const alerts = added.filter((node) => node instanceof Element && node.closest('[role=alert]'));
      counted.dataset['alerts'] = String(Number(counted.dataset['alerts']) + alerts.length);
    }).observe(counted, { childList: true, subtree: true });
  });
  await editor.drop({ name: 'cut.jpg', bytes: whole.subarray(0, whole.length / 3) });
  const alert = editor.view.getByRole('alert');
  await expect(alert).toContainText('cut.jpg cannot be shown');
  await expect(alert).toContainText('ends too early');
  // In the strip it has a sign, whose tooltip says the same.
  await editor.drop({ name: 'whole.jpg', bytes: whole });
  const strip = editor.page.getByRole('navigation', { name: 'Photos' });
  await expect(strip.getByRole('img', { name: /ends too early/ })).toHaveCount(1);
  await expect(strip.getByTitle(/cut\.jpg.*ends too early/)).toBeVisible();
  await strip
    .getByRole('button', { name: /cut\.jpg$/ })
    .first()
    .click();
  // Moving about asks anew for what is on screen, but not for what cannot be made.
  await editor.page.keyboard.press('+');
  await editor.page.keyboard.press('-');
  await expect(alert).toContainText('ends too early');
  // Once for each time that it was shown.
  expect(Number(await editor.page.locator('body').getAttribute('data-alerts'))).toBeLessThanOrEqual(2);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toContainText('ends too early');
  await alert.getByRole('button', { name: 'Remove from the list' }).click();
  await expect(alert).toHaveCount(0);
  await expect(strip.getByRole('button', { name: /cut\.jpg$/ })).toHaveCount(0);
});
