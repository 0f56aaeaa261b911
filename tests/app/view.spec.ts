import { difference } from './editorPage';
import { cut, decode, paint, sampleFile } from './pictures';
import { expect, test, withMotion } from './test';

test('the empty window says what to do and offers the sample', async ({ editor }) => {
  await expect(
    editor.page.getByRole('heading', { name: 'Drop a photo anywhere, or paste one' }),
  ).toBeVisible();
  await expect(editor.button('Try the sample')).toBeVisible();
  await expect(editor.button('Export')).toHaveAttribute('aria-disabled', 'true');
});

test('the list of methods opens at its beginning, wherever what is chosen stands in it', async ({
  editor,
}) => {
  await editor.page.getByRole('radio').last().click();
  await editor.page.reload();
  await expect(editor.page.getByRole('radio').last()).toHaveAttribute('aria-checked', 'true');
  const first = editor.page.getByRole('radio').first();
  await expect(first).toBeInViewport({ ratio: 1 });
});

test('the sample is enlarged where one looks, and at 100 % is itself to the pixel', async ({ editor }) => {
  await editor.openSample();
  await editor.method('FSRCNN').click();
  await editor.sharp();
  expect(await editor.zoom()).toBeGreaterThan(1);
  await expect(editor.status).toContainText('Final');

  await editor.method('Bicubic').click();
  await editor.button('100 %').click();
  await editor.sharp();
  expect(await editor.zoom()).toBe(1);
  const sample = await decode(await sampleFile());
  const shown = await editor.picture();
  const at = {
    x: Math.round(shown.width / 2 - sample.width / 2),
    y: Math.round(shown.height / 2 - sample.height / 2),
  };
  expect(difference(shown, sample, at)).toBeLessThan(0.5);
});

test.describe('at two device pixels to a pixel of the page', () => {
  test.use({ deviceScaleFactor: 2 });

  test('100 % is one pixel of the photo to one of the screen', async ({ editor }) => {
    await editor.openSample();
    await editor.method('Bicubic').click();
    await editor.button('100 %').click();
    await editor.sharp();
    const sample = await decode(await sampleFile());
    const shown = await editor.picture();
    expect(shown.width).toBe(Math.round(2 * (await editor.box()).width));
    const at = {
      x: Math.round(shown.width / 2 - sample.width / 2),
      y: Math.round(shown.height / 2 - sample.height / 2),
    };
    expect(difference(shown, sample, at)).toBeLessThan(0.5);
  });
});

test.describe('with motion', () => {
  test.use(withMotion);

  test('the wheel zooms at the cursor, the hand drags, a double click shows all', async ({ editor }) => {
    await editor.openSample();
    await editor.method('Bicubic').click();
    await editor.sharp();
    const before = await editor.zoom();
    const box = await editor.box();
    const cursor = { x: box.x + box.width * 0.6, y: box.y + box.height * 0.35 };
    await editor.page.mouse.move(cursor.x, cursor.y);
    const under = await editor.position();
    for (let turn = 0; turn < 4; turn += 1) await editor.page.mouse.wheel(0, -120);
    await expect.poll(() => editor.zoom()).toBeGreaterThan(before * 2.5);
    await editor.sharp();
    await editor.page.mouse.move(cursor.x + 1, cursor.y);
    await editor.page.mouse.move(cursor.x, cursor.y);
    const still = await editor.position();
    expect(Math.abs(still!.x - under!.x)).toBeLessThanOrEqual(1);
    expect(Math.abs(still!.y - under!.y)).toBeLessThanOrEqual(1);

    const held = await editor.picture();
    await editor.page.mouse.down();
    await editor.page.mouse.move(cursor.x - 120, cursor.y - 50, { steps: 4 });
    await editor.page.mouse.up();
    await editor.sharp();
    const dragged = await editor.picture();
    const part = cut(held, 320, 200, 300, 200);
    expect(difference(dragged, part, { x: 200, y: 150 })).toBeLessThan(1);

    await editor.page.mouse.dblclick(cursor.x, cursor.y);
    await editor.sharp();
    expect(await editor.zoom()).toBeCloseTo(before, 6);
  });
});

/** Of a wheel, as far as the page looks at it. */
interface Turn {
  readonly deltaX?: number;
  readonly deltaY: number;
  readonly ctrlKey?: boolean;
  readonly wheelDeltaY: number;
}

test('two fingers move the photo, a pinch zooms', async ({ editor }) => {
  await editor.openSample();
  await editor.sharp();
  const before = await editor.zoom();
  const box = await editor.box();
  await editor.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const at = await editor.position();
  const turn = (part: Turn): Promise<void> =>
    editor.surface.evaluate((canvas, { wheelDeltaY, ...init }) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const place = { clientX: left + width / 2, clientY: top + height / 2 };
      const event = new WheelEvent('wheel', { ...init, ...place, bubbles: true, cancelable: true });
      Object.defineProperty(event, 'wheelDeltaY', { value: wheelDeltaY });
      canvas.dispatchEvent(event);
    }, part);
  await turn({ deltaX: 60, deltaY: 40, wheelDeltaY: -120 });
  await editor.page.mouse.move(box.x + box.width / 2 + 1, box.y + box.height / 2);
  await editor.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  expect(await editor.zoom()).toBe(before);
  const moved = await editor.position();
  expect(Math.abs(moved!.x - at!.x - 60 / before)).toBeLessThanOrEqual(1);
  expect(Math.abs(moved!.y - at!.y - 40 / before)).toBeLessThanOrEqual(1);

  await turn({ deltaY: -20, ctrlKey: true, wheelDeltaY: 60 });
  await expect.poll(() => editor.zoom()).toBeGreaterThan(before * 1.1);
});

test('a zoom is typed, the view shows the chosen scale, a small photo comes closer', async ({ editor }) => {
  const bytes = await paint(100, 80, (x, y) => [2 * x, 3 * y, 90, 255]);
  await editor.drop({ name: 'small.png', bytes });
  await editor.sharp();
  const fitted = await editor.zoom();
  expect(fitted).toBeGreaterThan(4);
  await editor.surface.dblclick();
  await editor.sharp();
  expect(await editor.zoom()).toBeGreaterThan(fitted);

  const field = editor.field('Zoom in percent');
  await field.fill('250 %');
  await field.press('Enter');
  await editor.sharp();
  expect(await editor.zoom()).toBeCloseTo(2.5, 9);
  await field.fill('x3');
  await field.press('Enter');
  await editor.sharp();
  expect(await editor.zoom()).toBeCloseTo(3, 9);

  await editor.field('Scale factor').fill('3.5');
  await editor.field('Scale factor').press('Enter');
  await editor.button('Show at ×3.5').click();
  await editor.sharp();
  expect(await editor.zoom()).toBe(3.5);
  await expect(editor.button('Show at ×3.5')).toHaveAttribute('aria-pressed', 'true');
});

test('past the largest scale and past the photo’s edge what is seen is final, and says so', async ({
  editor,
}) => {
  await editor.openSample();
  await editor.method('Bicubic').click();
  const field = editor.field('Zoom in percent');
  await field.fill('6000');
  await field.press('Enter');
  await editor.sharp();
  expect(await editor.zoom()).toBe(60);
  await expect(editor.status).toContainText('Final');
  const box = await editor.box();
  for (let drag = 0; drag < 3; drag += 1) {
    await editor.page.mouse.move(box.x + 20, box.y + 20);
    await editor.page.mouse.down();
    await editor.page.mouse.move(box.x + box.width - 20, box.y + box.height - 20, { steps: 3 });
    await editor.page.mouse.up();
  }
  await field.fill('2000');
  await field.press('Enter');
  await editor.sharp();
  await expect(editor.status).toContainText('Final');
});

test('another method gives other pixels at the same place', async ({ editor }) => {
  await editor.openSample();
  await editor.method('Nearest').click();
  await editor.sharp();
  const nearest = await editor.picture();
  await editor.method('FSRCNN').click();
  await editor.sharp();
  await expect(editor.status).toContainText('FSRCNN');
  const learned = await editor.picture();
  const apart = difference(nearest, learned, { x: 0, y: 0 });
  expect(apart).toBeGreaterThan(0.5);
  expect(apart).toBeLessThan(20);
});

test('a method that takes long is stopped in the view, by its button or a key, and goes on', async ({
  editor,
}) => {
  const { page, status } = editor;
  await editor.openSample();
  await editor.sharp();
  // Long by many runs, none of which is: what was stopped keeps nobody waiting.
  await editor.method('EDSR').click();
  await page.getByRole('switch', { name: 'Self-ensemble' }).click();
  await editor.button(/^Stop what takes long/).click();
  await expect(status).toContainText(/Stopped at \d+ of \d+ tiles/);
  // What stands in is all there, and nothing more is asked for.
  await expect(status).toContainText('Bicubic meanwhile');
  await editor.surface.focus();
  await page.keyboard.press('.');
  await expect(status).toContainText(/\d+ of \d+ tiles/);
  await expect(status).not.toContainText('Stopped');
  await page.getByRole('switch', { name: 'Self-ensemble' }).click();
  await editor.method('Bicubic').click();
  await editor.sharp();
});

test('the checkerboard lies under transparency alone, and edges have no dark fringe', async ({ editor }) => {
  const bytes = await paint(64, 64, (x) => (x < 32 ? [255, 255, 255, 255] : [0, 0, 0, 0]));
  await editor.drop({ name: 'half.png', bytes });
  await expect(editor.view).not.toHaveAttribute('data-photo', '');
  await editor.method('Bicubic').click();
  await editor.sharp();
  const shown = await editor.picture();
  const row = Math.floor(shown.height / 2);
  const middle = Math.floor(shown.width / 2);
  const reds = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, i) => shown.data[(row * shown.width + from + i) * 4]!);
  expect(Math.min(...reds(middle - 200, middle - 40))).toBeGreaterThanOrEqual(254);
  const board = new Set(reds(middle + 40, middle + 200));
  expect([...board].sort()).toHaveLength(2);
  expect(Math.min(...reds(middle - 40, middle + 40))).toBeGreaterThanOrEqual(Math.min(...board) - 1);
});

test('a photo wider than any texture is shown in tiles', async ({ editor }) => {
  const bytes = await paint(20_000, 400, (x) => [Math.floor((255 * x) / 20_000), 80, 160, 255]);
  await editor.drop({ name: 'strip.png', bytes });
  await expect(editor.view).not.toHaveAttribute('data-photo', '');
  await editor.sharp();
  const shown = await editor.picture();
  const row = Math.floor(shown.height / 2);
  const red = (x: number): number => shown.data[(row * shown.width + x) * 4]!;
  expect(red(40)).toBeLessThan(12);
  expect(red(shown.width - 40)).toBeGreaterThan(243);
});
