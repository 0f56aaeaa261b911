import { commandLine, descendantsOf, memoryMiB } from '../processes.js';
import { layOutNine, ofTextures, onPhoto, press, sharp } from './onPhoto.js';

/** A gesture a second, as somebody makes them who looks closely. */
const GESTURE_MS = 1000;
const ROWS = 12;
/** The setting (viewMemory) as it is at first. */
const LIMIT_MIB = 256;
/** What a hand does, the usual more often. */
const ARROWS = ['Shift+ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowLeft', 'Shift+ArrowUp'];
const ZOOMS = ['+', '+', '-', 't', 'z', '0'];
const WAYS = ['v', 'g', 'x', 'd', 'l', 'c'];

/** The same numbers in every run, 0 to 1. */
function numbers(state = 1) {
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

const oneOf = (all, number) => all[Math.floor(number * all.length)];

/** One gesture: eight of ten move, one zooms, the rest compare otherwise, flip, or go over the photo with the pointer. */
async function gesture(page, next) {
  const kind = next();
  if (kind < 0.8) return press(page, oneOf(ARROWS, next()));
  if (kind < 0.9) return press(page, oneOf(ZOOMS, next()));
  if (kind < 0.94) return press(page, oneOf(WAYS, next()));
  if (kind < 0.97) return press(page, String(1 + Math.floor(9 * next())));
  const box = await page.locator('canvas#view').boundingBox();
  return page.mouse.move(box.x + next() * box.width, box.y + next() * box.height, { steps: 4 });
}

/** Resident memory of processes of one kind below a process, without the pages of mapped files. */
const ownMiB = (pid, isOf) =>
  Math.round(
    descendantsOf(pid)
      .filter((one) => isOf(commandLine(one)))
      .reduce((sum, one) => sum + (memoryMiB(one, 'RssAnon') ?? 0), 0),
  );

/**
 * Memory while somebody wanders over a photo for so many minutes: moves, zooms, compares nine methods in every way.
 * Of the view's own tiles, of the page's heap (once its garbage is collected), and of each process.
 */
export function measureWandering(folder, minutes) {
  return onPhoto(folder, 'wandering', async ({ page, browserPid, hostPid }) => {
    await layOutNine(page);
    await sharp(page);
    const session = await page.context().newCDPSession(page);
    const next = numbers();
    const rows = [];
    const begun = performance.now();
    const elapsed = () => (performance.now() - begun) / 60_000;
    let mostTiles = 0;
    let gestures = 0;
    for (;;) {
      if (elapsed() >= (rows.length * minutes) / ROWS) {
        await session.send('HeapProfiler.collectGarbage');
        const { usedSize } = await session.send('Runtime.getHeapUsage');
        rows.push({
          minutes: Math.round(elapsed()),
          gestures,
          tilesMiB: Math.round((await ofTextures(page, 'textureBytes')) / 2 ** 20),
          mostTilesMiB: Math.round(mostTiles / 2 ** 20),
          limitMiB: LIMIT_MIB,
          heapMiB: Math.round(usedSize / 2 ** 20),
          pageMiB: ownMiB(browserPid, (line) => line.includes('--type=renderer')),
          graphicsMiB: ownMiB(browserPid, (line) => line.includes('--type=gpu-process')),
          engineMiB: ownMiB(hostPid, () => true),
        });
        if (rows.length > ROWS) return rows;
      }
      await gesture(page, next);
      gestures += 1;
      await page.waitForTimeout(GESTURE_MS);
      mostTiles = Math.max(mostTiles, await ofTextures(page, 'mostTextureBytes'));
    }
  });
}
