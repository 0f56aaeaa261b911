import { type Page, type Worker } from '@playwright/test';
import { difference, type EditorPage } from './editorPage';
import { expect, test } from './test';

/** As in a browser whose canvases cannot be given to a worker: the page draws itself. */
async function drawInPage(editor: EditorPage): Promise<void> {
  await editor.page.addInitScript(() => {
    Reflect.deleteProperty(HTMLCanvasElement.prototype, 'transferControlToOffscreen');
  });
  await editor.page.reload();
  await expect(editor.button('Export')).toBeVisible();
}

/** Where the view is drawn. */
const placeOf = (page: Page): Pick<Worker, 'evaluate'> => page.workers()[0] ?? page;

/** Stops the graphics device at the next frame, and lets it come back. */
async function loseDevice({ page, surface }: EditorPage): Promise<void> {
  const place = placeOf(page);
  await place.evaluate(() => {
    const device = WebGL2RenderingContext.prototype;
    const clear = Reflect.get(device, 'clear');
    const isBack = new Promise<void>((resolve) => {
      device.clear = function (mask) {
        device.clear = clear;
        clear.call(this, mask);
        const loss = this.getExtension('WEBGL_lose_context')!;
        const { canvas } = this;
        // The browser refuses to restore while it still tells of the loss.
        canvas.addEventListener('webglcontextlost', () => setTimeout(() => loss.restoreContext(), 0), {
          once: true,
        });
        canvas.addEventListener('webglcontextrestored', () => resolve(), { once: true });
        loss.loseContext();
      };
    });
    Object.assign(globalThis, { isBack });
  });
  await surface.press('ArrowRight');
  await surface.press('ArrowLeft');
  await place.evaluate(() => Reflect.get(globalThis, 'isBack') as Promise<void>);
}

for (const [where, isInPage] of [
  ['a worker', false],
  ['the page, where no worker can', true],
] as const) {
  test(`drawn by ${where}: the graphics device may stop, the tiles come anew`, async ({ editor }) => {
    if (isInPage) await drawInPage(editor);
    await editor.openSample();
    await editor.method('Bicubic').click();
    await editor.sharp();
    expect(editor.page.workers()).toHaveLength(isInPage ? 0 : 1);
    const before = await editor.picture();
    await loseDevice(editor);
    await expect(editor.page.getByText('The graphics device stopped')).toBeHidden();
    await editor.sharp();
    await expect
      .poll(async () => difference(await editor.picture(), before, { x: 0, y: 0 }))
      .toBeLessThan(0.1);
    // The browser's own words about the loss are expected here.
    editor.complaints.length = 0;
  });
}

test('worker and page draw the same, side by side and as a difference', async ({ editor }) => {
  /** Without the ring of the keyboard's place, which lies over the canvas. */
  const picture = async () => {
    await editor.sharp();
    await editor.surface.blur();
    return editor.picture();
  };
  const pictures = async () => {
    await editor.surface.press('g');
    const grid = await picture();
    await editor.surface.press('d');
    return [grid, await picture()] as const;
  };
  await editor.openSample();
  await editor.method('FSRCNN').click();
  await editor.sharp();
  const ofWorker = await pictures();
  await drawInPage(editor);
  await expect(editor.view).not.toHaveAttribute('data-photo', '');
  await editor.sharp();
  expect(editor.page.workers()).toHaveLength(0);
  const ofPage = await pictures();
  for (const [index, drawn] of ofWorker.entries()) {
    expect(difference(ofPage[index]!, drawn, { x: 0, y: 0 })).toBeLessThan(0.01);
  }
  expect(difference(ofWorker[0], ofWorker[1], { x: 0, y: 0 })).toBeGreaterThan(1);
});
