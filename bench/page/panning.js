import { traced, workPerFrame } from './frames.js';
import { layOutNine, onPhoto, press, sharp, watched } from './onPhoto.js';
import { median, percentile } from '../statistics.js';

/** As many tiles as the view shall hold, and as many as shall come while it does. */
const TILES = 400;
/** A screen of two device pixels to a CSS pixel, at a zoom whose tiles are small. */
const PIXEL_RATIO = 2;
const ZOOM = 2.9;
/** A line over the photo, in steps of 256 CSS pixels. */
const LINE_STEPS = 16;
/** As long as anybody would wait. */
const GOING_OVER_MS = 180_000;

/** Goes over the photo by keys, line after line, until `isEnough`, or for as long as anybody would wait. */
async function goOver(page, isEnough) {
  const gives = performance.now() + GOING_OVER_MS;
  for (let step = 0; !(await isEnough()) && performance.now() < gives; step += 1) {
    const line = Math.floor(step / LINE_STEPS);
    if (step > 0 && step % LINE_STEPS === 0)
      await press(page, line % 8 < 4 ? 'Shift+ArrowDown' : 'Shift+ArrowUp');
    await press(page, `Shift+Arrow${line % 2 === 0 ? 'Right' : 'Left'}`);
  }
}

/** Zooms to where tiles are small, in a corner of the photo. */
async function comeClose(page) {
  const zoom = page.getByRole('textbox', { name: 'Zoom in percent', exact: true });
  await zoom.fill(String(100 * ZOOM));
  await zoom.press('Enter');
  await page.waitForFunction((at) => Number(document.querySelector('.view').dataset.zoom) === at, ZOOM);
  await page.locator('canvas#view').focus();
  const steps = Array.from({ length: 24 }, (_, k) => `Shift+Arrow${k % 2 ? 'Left' : 'Up'}`);
  await press(page, ...steps);
}

/**
 * Processor milliseconds of the page's main thread in each frame while tiles arrive, in one pane and in nine, once the
 * view holds 400.
 */
export function measureFrames(folder) {
  return onPhoto(
    folder,
    'frames',
    async ({ page }) => {
      const rows = [];
      for (const panes of [1, 9]) {
        if (panes === 9) await layOutNine(page);
        await comeClose(page);
        await sharp(page);
        await goOver(page, async () => (await watched(page, 'held')) >= TILES);
        const held = await watched(page, 'held');
        const before = await watched(page, 'arrivals');
        const arrived = async () => (await watched(page, 'arrivals')) - before;
        const events = await traced(page, () => goOver(page, async () => (await arrived()) >= TILES));
        const work = workPerFrame(events);
        rows.push({
          panes,
          held,
          arrived: await arrived(),
          frames: work.length,
          medianMs: Number(median(work).toFixed(2)),
          p95Ms: Number(percentile(work, 0.95).toFixed(2)),
          longestMs: Number(Math.max(...work).toFixed(2)),
        });
      }
      return rows;
    },
    PIXEL_RATIO,
  );
}
