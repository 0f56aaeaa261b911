/**
 * `npm run screens`: pictures of every screen of the editor, from the project's own sample, to be looked at.
 *
 *   node tools/drawScreens.mjs --out screens --screen empty,split --theme dark --language ko --size 1024x640
 *   node tools/drawScreens.mjs --readme        docs/screenshot.png, which README shows
 *
 * `--size` is CSS pixels, with `@2` for two device pixels to each. Several of each are named with commas; left out,
 * all are drawn. `--forced` draws them in the system's forced colours; text of 200 % is half the size at `@2`
 * (512x320@2). The built app is needed, and Chromium (CHROME_PATH, or Playwright's own).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;
const SAMPLE = 'resources/sample/chart.png';
/** What takes longer is drawn as it is by then. */
const PATIENCE_MS = 90_000;

/** Until every tile on screen is final. */
const sharp = (page) =>
  page.waitForFunction(
    () => {
      const { settled, tilesDone, tilesTotal } = document.querySelector('.view').dataset;
      return settled === 'true' && Number(tilesTotal) > 0 && tilesDone === tilesTotal;
    },
    undefined,
    { timeout: PATIENCE_MS },
  );

const keys = async (page, ...all) => {
  for (const key of all) await page.keyboard.press(key);
};

const take = async (page, method) => {
  await page.locator(`[data-method="${method}"]`).first().click();
  await page.locator('canvas#view').focus();
};

/** The sample at so many percent, by a method. */
async function photo(page, method = 'fsrcnn', percent = 0) {
  await page.locator('.app > input[type=file]').setInputFiles(SAMPLE);
  await page.waitForFunction(() => document.querySelector('.view').dataset.photo !== '');
  await take(page, method);
  await sharp(page);
  if (percent === 0) return;
  const field = page.locator('.status .zoom input');
  await field.fill(String(percent));
  await field.press('Enter');
  await page.locator('canvas#view').focus();
  await page.waitForFunction(
    (zoom) => Number(document.querySelector('.view').dataset.zoom) === zoom,
    percent / 100,
  );
  await page.waitForTimeout(300);
  await sharp(page);
}

/** Methods into the tray, by their place in its menu: names differ by language. */
async function compare(page, key, ...methods) {
  await keys(page, key);
  for (const method of methods) {
    const name = await page.locator(`[data-method="${method}"] .name`).first().innerText();
    await page.locator('.chips .add').click();
    await page.getByRole('menuitem', { name, exact: true }).click();
  }
  await page.locator('canvas#view').focus();
  await sharp(page);
}

async function region(page, x, y, width, height) {
  const box = await page.locator('canvas#view').boundingBox();
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
  await page.keyboard.down('Shift');
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * (x + width), box.y + box.height * (y + height), { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

const dialog = (page) => page.getByRole('dialog').last();
const tab = (page, place) => page.getByRole('tab').nth(place).click();
const start = (page) => dialog(page).locator('form button[type=submit]').first().click();
const press = (page, icon) => page.locator(`button:has(svg.lucide-${icon})`).first().click();

/** Each screen from a fresh window. */
const SCREENS = {
  empty: async () => undefined,
  photo: (page) => photo(page, 'enlarger-fast', 300),
  stopped: async (page) => {
    await photo(page, 'bicubic', 300);
    await take(page, 'esrgan');
    await page.locator('.status .stopping button').waitFor({ timeout: PATIENCE_MS });
  },
  card: async (page) => {
    await photo(page);
    await page.locator('[data-method="fsrcnn"]').first().hover();
    await page
      .locator('li:has([data-method="fsrcnn"]) button, .row:has([data-method="fsrcnn"]) button')
      .last()
      .click();
    await page.waitForTimeout(1500);
  },
  split: async (page) => {
    await photo(page, 'enlarger-fast', 300);
    await compare(page, 'v', 'fsrcnn');
  },
  grid: async (page) => {
    await photo(page, 'enlarger-fast', 300);
    await compare(page, 'g', 'lanczos', 'fsrcnn');
  },
  flip: async (page) => {
    await photo(page, 'enlarger-fast', 300);
    await compare(page, 'x', 'fsrcnn');
  },
  difference: async (page) => {
    await photo(page, 'enlarger-fast', 300);
    await compare(page, 'd');
  },
  loupe: async (page) => {
    await photo(page, 'enlarger-fast');
    await compare(page, 'l', 'fsrcnn');
    const box = await page.locator('canvas#view').boundingBox();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.waitForTimeout(300);
    await sharp(page);
  },
  invented: async (page) => {
    await photo(page, 'enlarger-fast', 300);
    await keys(page, 'i');
    await page.waitForTimeout(300);
    await sharp(page);
  },
  regions: async (page) => {
    await photo(page);
    await region(page, 0.3, 0.3, 0.15, 0.2);
    await region(page, 0.55, 0.5, 0.1, 0.2);
    await tab(page, 1);
    await page.waitForTimeout(800);
  },
  personal: async (page) => {
    await photo(page);
    await tab(page, 2);
  },
  history: async (page) => {
    await photo(page);
    await compare(page, 'v');
    await region(page, 0.3, 0.3, 0.15, 0.2);
    await tab(page, 3);
  },
  film: async (page) => {
    await page.locator('.app > input[type=file]').setInputFiles([SAMPLE, SAMPLE, SAMPLE, SAMPLE, SAMPLE]);
    await page.locator('.film li, nav li').nth(4).waitFor();
    await sharp(page);
  },
  export: async (page) => {
    await photo(page);
    await keys(page, 'e');
    await dialog(page).waitFor();
    await page.waitForTimeout(4000);
  },
  queue: async (page) => {
    await photo(page);
    await page.locator('.status').waitFor();
    await keys(page, 's');
    await page.keyboard.type('24');
    await keys(page, 'Enter', 'Escape', 'Control+e');
    await dialog(page).waitFor();
    await keys(page, 'Enter');
    await page.waitForTimeout(1500);
    await page.locator('.status button[aria-haspopup], .status .jobs button').first().click();
    await dialog(page).waitFor();
  },
  settings: async (page) => {
    await photo(page);
    await press(page, 'settings-2');
    await page.waitForTimeout(800);
  },
  keys: async (page) => {
    await photo(page);
    await keys(page, '?');
    await dialog(page).waitFor();
  },
  sheet: async (page) => {
    await photo(page);
    await compare(page, 'v', 'fsrcnn');
    await keys(page, 'j');
    await dialog(page).waitFor();
    await page.waitForTimeout(6000);
  },
  recover: async (page) => {
    await photo(page);
    await keys(page, 'q');
    await dialog(page).waitFor();
  },
  recovered: async (page) => {
    await photo(page);
    await keys(page, 'q');
    await dialog(page).locator('input.entry').nth(1).fill('5');
    await start(page);
    await dialog(page)
      .locator('table')
      .waitFor({ timeout: 4 * PATIENCE_MS });
    await page.waitForTimeout(1500);
  },
  blind: async (page) => {
    await photo(page);
    await keys(page, 'n');
    await dialog(page).waitFor();
  },
  rate: async (page) => {
    await photo(page);
    await keys(page, 'n');
    await start(page);
    await dialog(page).locator('canvas').first().waitFor();
    await page.waitForTimeout(500);
  },
  measure: async (page) => {
    await photo(page);
    await press(page, 'flask-conical');
    await page.getByRole('menu').waitFor();
  },
  benchmark: async (page) => {
    await photo(page);
    await press(page, 'flask-conical');
    await page.getByRole('menuitem').nth(2).click();
    await dialog(page).locator('label.segment').nth(1).click();
    await start(page);
    await dialog(page).locator('.cell').first().click();
    await dialog(page).locator('form button[type=submit]').waitFor();
    await page.waitForTimeout(1500);
  },
  imported: async (page) => {
    await photo(page);
    await tab(page, 2);
    await page.locator('input[type=file][accept*=onnx]').setInputFiles('resources/models/fsrcnn/x2.onnx');
    await dialog(page).waitFor();
    await page.waitForTimeout(2500);
  },
};

/** Screens that leave settings and work behind: the next one is drawn from a host of its own. */
const LEAVES_WORK = new Set(['queue']);

const THEMES = ['dark', 'light'];
const LANGUAGES = { en: 'en-US', ko: 'ko-KR' };
const SIZES = ['1024x640', '1920x1080', '1440x900@2'];

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screens' },
    readme: { type: 'boolean', default: false },
    forced: { type: 'boolean', default: false },
    screen: { type: 'string', default: Object.keys(SCREENS).join(',') },
    theme: { type: 'string', default: THEMES.join(',') },
    language: { type: 'string', default: Object.keys(LANGUAGES).join(',') },
    size: { type: 'string', default: SIZES.join(',') },
  },
});

/** A host with a folder of its own: its address, the cookies of its pages, and how it is ended. */
async function startHost(browser) {
  const home = await mkdtemp(join(tmpdir(), 'enlarger-screens-'));
  const host = spawn(process.execPath, ['bin/enlarger.js', 'serve', '--no-open'], {
    env: { ...process.env, ENLARGER_HOME: home, TMPDIR: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = async () => {
    const ended = once(host, 'exit');
    host.kill();
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  let said = '';
  for await (const chunk of host.stdout) {
    said += chunk;
    const [address] = ADDRESS.exec(said) ?? [];
    if (!address) continue;
    const entry = await browser.newContext();
    await (await entry.newPage()).goto(address);
    const { cookies } = await entry.storageState();
    await entry.close();
    return { origin: new URL(address).origin, cookies, close };
  }
  throw new Error(`expected an address from enlarger serve; it ended and said: ${said}`);
}

function contextOf(theme, language, size) {
  const [, width, height, ratio] = /^(\d+)x(\d+)(?:@(\d+))?$/.exec(size) ?? [];
  if (width === undefined || !(language in LANGUAGES))
    throw new Error(
      `expected a size as 1024x640 or 1440x900@2 and a language of ${Object.keys(LANGUAGES)}, received ${size}, ${language}`,
    );
  return {
    viewport: { width: Number(width), height: Number(height) },
    deviceScaleFactor: Number(ratio ?? 1),
    colorScheme: theme,
    locale: LANGUAGES[language],
    reducedMotion: 'reduce',
    forcedColors: values.forced ? 'active' : 'none',
  };
}

const list = (text) => text.split(',').filter(Boolean);
const wanted = values.readme
  ? [{ name: 'split', theme: 'dark', language: 'en', size: '1440x900', path: 'docs/screenshot.png' }]
  : list(values.size).flatMap((size) =>
      list(values.language).flatMap((language) =>
        list(values.theme).flatMap((theme) =>
          list(values.screen).map((name) => ({
            name,
            theme,
            language,
            size,
            path: join(
              values.out,
              `${name}-${size}-${theme}-${language}${values.forced ? '-forced' : ''}.png`,
            ),
          })),
        ),
      ),
    );
const unknown = wanted.find(({ name }) => !(name in SCREENS));
if (unknown)
  throw new Error(`expected a screen of ${Object.keys(SCREENS).join(', ')}, received ${unknown.name}`);

const executablePath = [process.env.CHROME_PATH, '/usr/bin/chromium'].find(
  (path) => path && existsSync(path),
);
// Bars of what scrolls are part of the picture.
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  ignoreDefaultArgs: ['--hide-scrollbars'],
});
let host;
let failures = 0;
try {
  await mkdir(values.out, { recursive: true });
  for (const { name, theme, language, size, path } of wanted) {
    host ??= await startHost(browser);
    const context = await browser.newContext(contextOf(theme, language, size));
    await context.addCookies(host.cookies);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    try {
      await page.goto(host.origin);
      await page.locator('[data-method=bicubic]').first().waitFor();
      await SCREENS[name](page);
      await page.screenshot({ path });
      console.log(path);
    } catch (error) {
      failures += 1;
      console.error(`${path}: ${error.message.split('\n')[0]}`);
      await page.screenshot({ path: path.replace(/\.png$/, '-failed.png') });
    }
    await context.close();
    if (!LEAVES_WORK.has(name)) continue;
    await host.close();
    host = undefined;
  }
} finally {
  await host?.close();
  await browser.close();
}
process.exitCode = failures === 0 ? 0 : 1;
