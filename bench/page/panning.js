import { traced, workPerFrame } from './frames.js';
import { layOutNine, ofTextures, onPhoto, press, sharp } from './onPhoto.js';
import { median, percentile } from '../statistics.js';

/** A screen of two device pixels to a CSS pixel, at a zoom whose tiles are small. */
const PIXEL_RATIO = 2;
const ZOOM = 2.9;
/** A line over the photo, in steps of 256 CSS pixels. */
const LINE_STEPS = 16;
/** What has not come by then does not count: a view that is drawn by software leaves its engine little of two cores. */
const GOING_OVER_MS = 120_000;

/** Goes over the photo by keys, line after line, until `isEnough`, two minutes at most. */
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

/** What is being waited for: the whole takes some minutes. */
const say = (what) => console.error(`frames: ${what}`);

/**
 * Processor milliseconds of the page's main thread in each frame while so many tiles arrive, for each number of panes
 * (1, 9).
 */
export function measureFrames(folder, tiles, paneCounts) {
  say('the photo is opened');
  return onPhoto(
    folder,
    'frames',
    async ({ page }) => {
      const rows = [];
      for (const panes of paneCounts) {
        if (panes === 9) {
          say('nine panes are laid out');
          await press(page, '0');
          await layOutNine(page);
        }
        await comeClose(page);
        say(`${panes} at ${100 * ZOOM} %, until all tiles on screen have come`);
        await sharp(page);
        const before = await ofTextures(page, 'arrivals');
        const arrived = async () => (await ofTextures(page, 'arrivals')) - before;
        say(`${panes}, moved until ${tiles} tiles have come, ${GOING_OVER_MS / 1000} s at most`);
        const events = await traced(page, () => goOver(page, async () => (await arrived()) >= tiles));
        const work = workPerFrame(events);
        rows.push({
          panes,
          held: await ofTextures(page, 'held'),
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
