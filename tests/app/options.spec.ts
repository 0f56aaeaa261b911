import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { EditorPage, Picture } from './editorPage';
import { difference } from './editorPage';
import { cut, decode } from './pictures';
import { expect } from './test';
import { GAINS, test } from './turnable';

// Beside the editor's engine the terminal starts its own.
test.slow();

const SAMPLE = resolve('resources/sample/chart.png');

/** `enlarger upscale` of the sample in an installation: the file's pixels, and what it said. */
async function upscale(
  root: string,
  ...options: readonly string[]
): Promise<{ picture: Picture; said: { invented?: number } }> {
  const folder = await mkdtemp(join(tmpdir(), 'enlarger-app-cli-'));
  try {
    const output = join(folder, 'out.png');
    const call = ['bin/enlarger.js', 'upscale', SAMPLE, '-o', output, '--json', ...options];
    if (options.includes('--invented')) call[call.indexOf('--invented') + 1] = join(folder, 'map.png');
    const env = { ...process.env, ENLARGER_HOME: folder };
    const { stdout } = await promisify(execFile)(process.execPath, call, { cwd: root, env });
    return {
      picture: await decode(await readFile(output)),
      said: JSON.parse(stdout) as { invented?: number },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Exports by the dialog as it stands, and gives the file's pixels. */
async function save({ page, surface }: EditorPage): Promise<Picture> {
  await surface.focus();
  await page.keyboard.press('e');
  const coming = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  return decode(await readFile(await (await coming).path()));
}

/** The middle of a picture of the view: without the ring of its focus. */
function inner(of: Picture, share = 0.95): Picture {
  const [width, height] = [Math.floor(of.width * share), Math.floor(of.height * share)];
  return cut(of, Math.floor((of.width - width) / 2), Math.floor((of.height - height) / 2), width, height);
}

const apart = (a: Picture, b: Picture): number => difference(a, b, { x: 0, y: 0 });
const toggle = (editor: EditorPage, name: string) => editor.page.getByRole('switch', { name });

async function setScale(editor: EditorPage, scale: string): Promise<void> {
  await editor.field('Scale factor').fill(scale);
  await editor.field('Scale factor').press('Enter');
  await editor.surface.focus();
}

test('switched to consistent the view changes, and the file is that of the terminal', async ({
  editor,
  installation,
}) => {
  await editor.openSample();
  await editor.method('Lanczos-3').first().click();
  await setScale(editor, '1.5');
  await editor.sharp();
  const plain = inner(await editor.picture());
  await expect(toggle(editor, 'Self-ensemble')).toHaveAttribute('aria-disabled', 'true');
  await toggle(editor, 'Consistent').check();
  await expect(
    editor.page.getByRole('paragraph').filter({ hasText: 'Right for a picture that was reduced so' }),
  ).toBeVisible();
  await editor.sharp();
  expect(apart(inner(await editor.picture()), plain)).toBeGreaterThan(0.2);

  const exported = await save(editor);
  const options = ['--method', 'lanczos', '--scale', '1.5'];
  const [consistent, without] = await Promise.all([
    upscale(installation, ...options, '--consistent'),
    upscale(installation, ...options),
  ]);
  expect(apart(exported, consistent.picture)).toBe(0);
  expect(apart(exported, without.picture)).toBeGreaterThan(0.2);

  await editor.method('Bicubic').click();
  await expect(toggle(editor, 'Consistent')).not.toBeChecked();
  await editor.method('Lanczos-3').first().click();
  await expect(toggle(editor, 'Consistent')).toBeChecked();
});

test('a slider turns the method in the view and in the file, by keys, by number and back', async ({
  editor,
  installation,
}) => {
  await editor.openSample();
  await editor.method('Gain').click();
  await setScale(editor, '1.5');
  /** How bright the sample's middle is on screen, once it is sharp. */
  const brightness = async (): Promise<number> => {
    await editor.sharp();
    const { data } = inner(await editor.picture(), 0.4);
    const colours = data.filter((_, i) => i % 4 < 3);
    return colours.reduce((sum, value) => sum + value, 0) / colours.length;
  };
  const strong = await brightness();
  const slider = editor.page.getByRole('slider', { name: 'Strength' });
  await slider.press('Home');
  await expect(editor.field('Strength')).toHaveValue('0');
  await expect.poll(brightness).toBeCloseTo(strong * GAINS[0], 0);

  await editor.field('Strength').fill('0.5');
  await editor.field('Strength').press('Enter');
  await expect.poll(brightness).toBeCloseTo((strong * (GAINS[0] + GAINS[1])) / 2, 0);
  const exported = await save(editor);
  const options = ['--method', 'gain', '--scale', '1.5', '--strength', '0.5'];
  expect(apart(exported, (await upscale(installation, ...options)).picture)).toBe(0);

  await slider.dblclick();
  await expect(editor.field('Strength')).toHaveValue('1');
  await expect.poll(brightness).toBeCloseTo(strong, 1);
});

test('another interpretation draws another seed, which can be entered again', async ({ editor }) => {
  await editor.openSample();
  await editor.method('Gain').click();
  const seed = editor.field('Seed');
  await expect(seed).toHaveValue('3');
  await editor.button('Another interpretation').click();
  await expect(seed).not.toHaveValue('3');
  await seed.fill('3');
  await seed.press('Enter');
  await expect(seed).toHaveValue('3');
});

test('what was invented lies over the picture, with its strength as the terminal has it', async ({
  editor,
  installation,
}) => {
  await editor.openSample();
  await editor.method('Lanczos-3').first().click();
  await editor.sharp();
  const enlargement = inner(await editor.picture());
  await editor.surface.focus();
  await editor.page.keyboard.press('i');
  await expect(editor.button('Invented')).toHaveAttribute('aria-pressed', 'true');
  await expect(editor.page.getByText('What the photo does not determine')).toBeVisible();
  await editor.sharp();
  const map = inner(await editor.picture());
  expect(apart(map, enlargement)).toBeGreaterThan(10);
  const coloured = (pixels: Picture): number => {
    let count = 0;
    for (let i = 0; i < pixels.data.length; i += 4)
      count += pixels.data[i]! - pixels.data[i + 2]! > 60 ? 1 : 0;
    return count;
  };
  expect(coloured(map)).toBeGreaterThan(500);
  const shown = Number(await editor.view.getAttribute('data-invented'));
  await expect(editor.status).toContainText(`${shown.toFixed(2)} / 255 invented`);
  const scale = String(await editor.zoom());
  const { said } = await upscale(installation, '--method', 'lanczos', '--scale', scale, '--invented', 'map');
  expect(shown).toBeCloseTo(said.invented!, 2);
  await editor.page.keyboard.press('i');
  await editor.sharp();
  await expect.poll(async () => apart(inner(await editor.picture()), enlargement)).toBeLessThan(0.1);
});

test('where nothing is enlarged nothing is invented, and that is said', async ({ editor }) => {
  await editor.openSample();
  await editor.method('Bicubic').click();
  await editor.button('100 %').click();
  await editor.sharp();
  const before = inner(await editor.picture(), 0.5);
  await editor.button('Invented').click();
  await expect(editor.page.getByText('nothing is invented')).toBeVisible();
  await editor.sharp();
  await expect(editor.status).not.toContainText('255 invented');
  expect(apart(inner(await editor.picture(), 0.5), before)).toBe(0);
});
