import { seriousOn } from './accessibility';
import { sampleFile } from './pictures';
import { expect, test } from './test';

/** What lies over a window, or is the one part of it that is another. */
const DIALOG = '[role=dialog]';
const TAB = '[role=tabpanel][data-state=active]';

// axe looks at every element: seconds a screen, of which each test has several.
test.describe.configure({ timeout: 180_000 });

test('axe-core finds nothing serious on the window, dark or light', async ({ editor }) => {
  const { page } = editor;
  const found = await seriousOn(editor, 'empty');
  const bytes = await sampleFile();
  await editor.chooseFiles({ name: 'one.png', bytes }, { name: 'two.png', bytes });
  await expect(page.getByRole('navigation', { name: 'Photos' }).getByRole('listitem')).toHaveCount(2);
  await editor.sharp();
  found.push(...(await seriousOn(editor, 'photos')));
  await editor.button('About Bicubic').click();
  found.push(...(await seriousOn(editor, 'card', '.flyout')));
  await page.keyboard.press('Escape');
  await editor.button('Measure').click();
  await expect(page.getByRole('menu')).toBeVisible();
  found.push(...(await seriousOn(editor, 'menu', '[role=menu]')));
  expect(found).toEqual([]);
});

test('nor on a comparison, and on the tabs of the tools', async ({ editor }) => {
  const { page } = editor;
  const found: string[] = [];
  await editor.openSample();
  await editor.surface.focus();
  await page.keyboard.press('g');
  await editor.surface.hover({ position: { x: 300, y: 200 } });
  await page.keyboard.down('Shift');
  await page.mouse.down();
  await page.mouse.move(500, 400, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.getByRole('tab', { name: 'Regions' }).click();
  found.push(...(await seriousOn(editor, 'grid and regions')));
  await page.getByRole('tab', { name: 'History' }).click();
  found.push(...(await seriousOn(editor, 'history', TAB)));
  await page.getByRole('tab', { name: 'Personal' }).click();
  found.push(...(await seriousOn(editor, 'training', TAB)));
  expect(found).toEqual([]);
});

test('nor on the dialogs of every day', async ({ editor }) => {
  const { page } = editor;
  const found: string[] = [];
  await editor.openSample();
  await editor.method('FSRCNN').click();
  await editor.field('Scale factor').fill('24');
  await editor.field('Scale factor').press('Enter');
  await editor.button('Export').click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByRole('application', { name: /^Preview/ })).toBeVisible();
  found.push(...(await seriousOn(editor, 'export', DIALOG)));
  await dialog.getByRole('button', { name: 'Export' }).click();
  await editor.button(/^Show all exports/).click();
  const queue = page.getByRole('dialog', { name: 'Exports' });
  await expect(queue).toContainText('1 export');
  found.push(...(await seriousOn(editor, 'queue', DIALOG)));
  await queue.getByRole('button', { name: 'Stop all' }).click();
  await page.keyboard.press('Escape');
  await expect(queue).toBeHidden();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'keys', DIALOG)));
  await page.keyboard.press('Escape');
  await editor.button('Settings').click();
  found.push(...(await seriousOn(editor, 'settings', DIALOG)));
  expect(found).toEqual([]);
});

test('nor on the menus of what is compared', async ({ editor }) => {
  const { page } = editor;
  const found: string[] = [];
  await editor.openSample();
  await editor.surface.focus();
  await page.keyboard.press('v');
  await editor.button('More on Bicubic').click();
  await expect(page.getByRole('menuitemcheckbox').first()).toBeVisible();
  found.push(...(await seriousOn(editor, 'tray menu')));
  await page.keyboard.press('Escape');
  await editor.button('Compare with another method').click();
  await expect(page.getByRole('menuitem', { name: 'Original' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'methods to compare with')));
  expect(found).toEqual([]);
});

test('nor on what measures and compares', async ({ editor }) => {
  const { page } = editor;
  const found: string[] = [];
  await editor.openSample();
  await page.keyboard.press('j');
  await expect(page.getByRole('dialog', { name: 'Comparison sheet' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'sheet', DIALOG)));
  await page.keyboard.press('Escape');
  await page.keyboard.press('q');
  await expect(page.getByRole('dialog', { name: 'Hide and recover' })).toBeVisible();
  found.push(...(await seriousOn(editor, 'recover', DIALOG)));
  await page.keyboard.press('Escape');
  expect(found).toEqual([]);
});

test.describe('in Korean', () => {
  test.use({ locale: 'ko-KR' });

  test('nor on the window, its settings and the dialog of an export', async ({ editor }) => {
    const { page } = editor;
    const found: string[] = [];
    await page.locator('.steps button').last().click();
    await editor.sharp();
    await editor.button('설정').click();
    await expect(page.getByText(/models$/)).toBeVisible();
    found.push(...(await seriousOn(editor, 'settings')));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+e');
    await expect(page.getByRole('dialog')).toBeVisible();
    found.push(...(await seriousOn(editor, 'export')));
    expect(found).toEqual([]);
  });
});

test('nor on the benchmark, before it has measured and after', async ({ editor }) => {
  const { page } = editor;
  const found: string[] = [];
  await editor.openSample();
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByRole('menuitem', { name: 'Benchmark' }).click();
  const bench = page.getByRole('dialog', { name: 'Benchmark' });
  await bench.getByText('Open photos (1)', { exact: true }).click();
  for (const name of ['FSRCNN', 'Enlarger Fast'])
    await bench.getByRole('checkbox', { name }).first().uncheck();
  found.push(...(await seriousOn(editor, 'benchmark', DIALOG)));
  await bench.getByRole('button', { name: 'Start', exact: true }).click();
  await bench.getByRole('button', { name: 'Worst and best crop of Bicubic at ×4' }).click();
  await expect(bench.getByText(/^Worst: .* dB here$/)).toBeVisible();
  found.push(...(await seriousOn(editor, 'benchmark, filled', DIALOG)));
  expect(found).toEqual([]);
});
