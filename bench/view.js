import { join } from 'node:path';
import { choose, chromiumPath, inChromium, openPhoto } from './page/editorInChromium.js';
import { traced, workPerFrame } from './page/frames.js';
import { drawPhotograph } from './photographs.js';
import { descendantsOf, memoryMiB } from './processes.js';
import { median, percentile } from './statistics.js';

/** The view in Chromium, as its users have it, on a photo of 12 megapixels. */
const VIEWPORT = { width: 1600, height: 1000 };
const PHOTO = { width: 4000, height: 3000 };
const TILES = 400;
/** The quickest of each kind; others by --method. */
const METHODS = ['bicubic', 'espcn', 'fsrcnn', 'enlarger-fast'];
const BESIDE = ['Bilinear', 'Lanczos-3', 'Nearest neighbour'];
/** A line over the photo at 400 %, in steps of 256 pixels. */
const LINE_STEPS = 50;
const GOING_OVER_MS = 120_000;
const WANDERING_STEPS = 240;
/** The setting (viewMemory) as it is at first. */
const LIMIT_MIB = 256;

const press = (page, ...keys) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const bench = (page, what) => page.evaluate((name) => globalThis.enlargerBench[name](), what);
const sharp = (page) =>
  page.waitForFunction(() => globalThis.enlargerBench.isSharp(), undefined, { timeout: 300_000 });

/**
 * Goes over the photo by keys, line after line, until so many tiles have come, or for as long as anybody would wait;
 * gives how many came.
 */
async function goOver(page, tiles) {
  const before = await bench(page, 'arrivals');
  const gives = performance.now() + GOING_OVER_MS;
  let came = 0;
  for (let step = 0; came < tiles && performance.now() < gives; step += 1) {
    const line = Math.floor(step / LINE_STEPS);
    if (step % LINE_STEPS === 0) await press(page, 'Shift+ArrowDown', 'Shift+ArrowDown');
    await press(page, `Shift+Arrow${line % 2 === 0 ? 'Right' : 'Left'}`);
    came = (await bench(page, 'arrivals')) - before;
  }
  return came;
}

/** `use` has the page with the photo open by the bicubic, and the browser's process; a sentence where there is none. */
async function onPhoto(folder, name, use) {
  if (!chromiumPath()) return 'there is no Chromium; apt install chromium, or name one in CHROME_PATH.';
  const path = join(folder, `${name}.jpg`);
  await drawPhotograph(path, PHOTO.width, PHOTO.height);
  return inChromium(join(folder, `home-${name}`), VIEWPORT, async ({ page, browserPid }) => {
    await page.locator('[data-method=bicubic]').first().click();
    await openPhoto(page, path);
    await page.locator('canvas#view').focus();
    return use(page, browserPid);
  });
}

/** Grid of the original, the bicubic and seven more. */
async function layOutNine(page) {
  await press(page, 'g');
  for (let n = 2; n < 9; n += 1) {
    await page.locator('.chips .add').click();
    await page.getByRole('menuitem', { name: BESIDE[n % BESIDE.length], exact: true }).click();
  }
  await page.locator('canvas#view').focus();
}

/** Processor milliseconds of the page's main thread in each frame while 400 tiles arrive, in one pane and in nine. */
export function measureFrames(folder) {
  return onPhoto(folder, 'frames', async (page) => {
    const rows = [];
    for (const panes of [1, 9]) {
      if (panes === 9) await layOutNine(page);
      await press(page, 'z', '+', '+', '+', '+', 'Shift+ArrowLeft', 'Shift+ArrowLeft');
      await sharp(page);
      let tiles = 0;
      const events = await traced(page, async () => (tiles = await goOver(page, TILES)));
      const work = workPerFrame(events);
      rows.push({
        panes,
        tiles,
        frames: work.length,
        medianMs: Number(median(work).toFixed(2)),
        p95Ms: Number(percentile(work, 0.95).toFixed(2)),
        longestMs: Number(Math.max(...work).toFixed(2)),
      });
    }
    return rows;
  });
}

/** From what was noted of the view: when its zoom came to rest, and what came after that. */
export function zoomEnd(changes) {
  const last = changes.at(-1);
  const restsAt = changes.find(({ zoom }, k) => changes.slice(k).every((one) => one.zoom === zoom));
  const after = changes.filter(({ at, total }) => at >= restsAt.at && total === last.total);
  const first = after.find(({ done }) => done > 0) ?? last;
  return { tiles: last.total, first: first.at - restsAt.at, all: last.at - restsAt.at };
}

/** Milliseconds from the end of a zoom to its first final tile and to all on screen, for each method. */
export function measureSettling(folder, rounds, methods) {
  return onPhoto(folder, 'settling', async (page) => {
    const rows = [];
    for (const method of methods.length > 0 ? methods : METHODS) {
      await choose(page, method);
      const looks = [];
      for (let round = 0; round < rounds; round += 1) {
        await press(page, '0');
        await sharp(page);
        // Another place each time: no tile of it is there.
        for (let k = 0; k < round; k += 1) await press(page, 'Shift+ArrowRight');
        await bench(page, 'take');
        await press(page, 'z', '+', '+');
        await page.waitForFunction(() => document.querySelector('.view').dataset.zoom === '2');
        await sharp(page);
        looks.push(zoomEnd(await bench(page, 'take')));
      }
      rows.push({
        method,
        tiles: median(looks.map(({ tiles }) => tiles)),
        firstTileMs: Math.round(median(looks.map(({ first }) => first))),
        allTilesMs: Math.round(median(looks.map(({ all }) => all))),
      });
    }
    return rows;
  });
}

/** Memory while somebody wanders for long: zooms, moves and ways to compare by turns. */
export function measureWandering(folder) {
  return onPhoto(folder, 'wandering', async (page, browserPid) => {
    const resident = () =>
      Math.round(descendantsOf(browserPid).reduce((sum, pid) => sum + (memoryMiB(pid, 'VmRSS') ?? 0), 0));
    const rows = [];
    let mostTextures = 0;
    for (let step = 0; step <= WANDERING_STEPS; step += 1) {
      if (step % (WANDERING_STEPS / 4) === 0) {
        await sharp(page);
        rows.push({
          steps: step,
          tilesMiB: Math.round((await bench(page, 'textureBytes')) / 2 ** 20),
          mostTilesMiB: Math.round(mostTextures / 2 ** 20),
          limitMiB: LIMIT_MIB,
          browserMiB: resident(),
        });
      }
      const by = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'][Math.floor(step / 9) % 4];
      await press(page, `Shift+${by}`, `Shift+${by}`);
      if (step % 10 === 0) await press(page, ['+', '-', 't', 'z'][(step / 10) % 4]);
      if (step % 30 === 0) await press(page, ['v', 'g', 'x', 'c'][(step / 30) % 4]);
      if (step % 5 === 0) await sharp(page);
      mostTextures = Math.max(mostTextures, await bench(page, 'textureBytes'));
    }
    return rows;
  });
}
