import { join } from 'node:path';
import { drawPhotograph } from '../photographs.js';
import { chromiumPath, inChromium, openPhoto } from './editorInChromium.js';

/** The view in Chromium, as its users have it, on a photo of 12 megapixels. */
const VIEWPORT = { width: 1600, height: 1000 };
const PHOTO = { width: 4000, height: 3000 };

/** Presses keys one after another. */
export const press = (page, ...keys) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

/** What the page's watch says (watchPage.js). */
export const watched = (page, what) => page.evaluate((name) => globalThis.enlargerBench[name](), what);

/** What is said of the textures where the view is drawn (watchTextures.js): in its worker, or in the page. */
export const ofTextures = (page, what) =>
  (page.workers()[0] ?? page).evaluate((name) => globalThis.enlargerTextures[name](), what);

/** Until every tile on screen is final. */
export const sharp = (page, timeout = 300_000) =>
  page.waitForFunction(() => globalThis.enlargerBench.isSharp(), undefined, { timeout });

/**
 * `use` has the page with the photo open by the bicubic, and the processes of browser and host; a sentence where there
 * is no browser. `pixelRatio`: device pixels to a CSS pixel.
 */
export async function onPhoto(folder, name, use, pixelRatio = 1) {
  if (!chromiumPath()) return 'there is no Chromium; apt install chromium, or name one in CHROME_PATH.';
  const path = join(folder, `${name}.jpg`);
  await drawPhotograph(path, PHOTO.width, PHOTO.height);
  return inChromium(join(folder, `home-${name}`), { viewport: VIEWPORT, pixelRatio }, async (editor) => {
    const { page } = editor;
    await page.locator('[data-method=bicubic]').first().click();
    await openPhoto(page, path);
    await page.locator('canvas#view').focus();
    return use(editor);
  });
}

const BESIDE = ['Bilinear', 'Lanczos-3', 'Nearest neighbour'];

/** Grid of the original, the bicubic and seven more. */
export async function layOutNine(page) {
  await press(page, 'g');
  for (let n = 2; n < 9; n += 1) {
    await page.locator('.chips .add').click();
    await page.getByRole('menuitem', { name: BESIDE[n % BESIDE.length], exact: true }).click();
  }
  await page.locator('canvas#view').focus();
}
