import { median } from '../statistics.js';
import { choose } from './editorInChromium.js';
import { onPhoto, press, sharp, watched } from './onPhoto.js';

/** What nobody waits longer for; what has not come by then is said to take longer. */
const LIMIT_MS = 120_000;

/** From what was noted of the view: when its zoom came to rest, and what came after that; `all` null: not all did. */
export function zoomEnd(changes) {
  const last = changes.at(-1);
  const restsAt = changes.find(({ zoom }, k) => changes.slice(k).every((one) => one.zoom === zoom));
  const after = changes.filter(({ at, total }) => at >= restsAt.at && total === last.total);
  const first = after.find(({ done }) => done > 0);
  const isWhole = last.total > 0 && last.done === last.total;
  return {
    tiles: last.total,
    done: last.done,
    first: first ? first.at - restsAt.at : null,
    all: isWhole ? last.at - restsAt.at : null,
  };
}

const milliseconds = (values) =>
  values.includes(null) ? `> ${LIMIT_MS}` : String(Math.round(median(values)));

/** Every method of the list, in its order. */
const listed = (page) =>
  page.$$eval('[data-method]', (rows) => [...new Set(rows.map(({ dataset }) => dataset.method))]);

/**
 * Milliseconds from the end of a zoom to 200 % to its first final tile and to all on screen, for each method; two
 * minutes at most for each look.
 */
export function measureSettling(folder, rounds, methods) {
  return onPhoto(folder, 'settling', async ({ page }) => {
    const rows = [];
    for (const method of methods.length > 0 ? methods : await listed(page)) {
      await choose(page, method);
      const looks = [];
      for (let round = 0; round < rounds; round += 1) {
        await press(page, '0');
        await sharp(page);
        // Another place each time: no tile of it is there.
        for (let k = 0; k < round; k += 1) await press(page, 'Shift+ArrowRight');
        await watched(page, 'take');
        await press(page, 'z', '+', '+');
        await page.waitForFunction(() => document.querySelector('.view').dataset.zoom === '2');
        await sharp(page, LIMIT_MS).catch(() => undefined);
        const look = zoomEnd(await watched(page, 'take'));
        looks.push(look);
        if (look.all === null) break; // a second look would take as long
      }
      rows.push({
        method,
        tiles: median(looks.map(({ tiles }) => tiles)),
        firstTileMs: milliseconds(looks.map(({ first }) => first)),
        allTilesMs: milliseconds(looks.map(({ all }) => all)),
        doneInTime: Math.min(...looks.map(({ done }) => done)),
      });
    }
    return rows;
  });
}
