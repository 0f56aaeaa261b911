import { errors } from '@playwright/test';
import { median } from '../statistics.js';
import { choose } from './editorInChromium.js';
import { onPhoto, press, sharp, watched } from './onPhoto.js';

/** What nobody waits longer for with a view before them; what has not come by then is said to take longer. */
const LIMIT_MS = 30_000;

/**
 * From what was noted of the view: when its zoom came to rest, and what came after that; `first`, `all`: milliseconds
 * since then, null: none came, not all did.
 */
export function zoomEnd(changes) {
  const last = changes.at(-1);
  const restsAt = changes.findLast(({ zoom }, k) => k === 0 || changes[k - 1].zoom !== zoom);
  // What is told before the view's own tiles are asked for is of the view before.
  const after = changes.filter(({ at, isSettled }) => at >= restsAt.at && isSettled);
  const first = after.find(({ done }) => done > 0);
  const whole = after.find(({ done, total }) => total > 0 && done === total);
  return {
    tiles: last.total,
    done: last.done,
    first: first ? first.at - restsAt.at : null,
    all: whole ? whole.at - restsAt.at : null,
  };
}

const milliseconds = (values) =>
  values.includes(null) ? `> ${LIMIT_MS}` : String(Math.round(median(values)));

/** Every method of the list, in its order. */
const listed = (page) =>
  page.$$eval('[data-method]', (rows) => [...new Set(rows.map(({ dataset }) => dataset.method))]);

/** Until all has come, or for as long as anybody would wait. */
async function waitInVain(page) {
  try {
    await sharp(page, LIMIT_MS);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
  }
}

/** One zoom from the whole photo to 200 %, at a place that was not looked at before. */
async function look(page, round) {
  await press(page, ...Array.from({ length: round }, () => 'Shift+ArrowRight'));
  await watched(page, 'take');
  await press(page, 'z', '+', '+');
  await page.waitForFunction(() => document.querySelector('.view').dataset.zoom === '2');
  await waitInVain(page);
  return zoomEnd(await watched(page, 'take'));
}

/** A method's row; `page` has nothing behind it that is still being worked on. */
async function settle(page, method, rounds) {
  const looks = [];
  for (let round = 0; round < rounds && !looks.some(({ all }) => all === null); round += 1) {
    // The whole photo is the same by every method.
    await choose(page, 'bicubic');
    await press(page, '0');
    await sharp(page);
    await choose(page, method);
    await sharp(page);
    looks.push(await look(page, round));
  }
  return {
    method,
    tiles: median(looks.map(({ tiles }) => tiles)),
    firstTileMs: milliseconds(looks.map(({ first }) => first)),
    allTilesMs: milliseconds(looks.map(({ all }) => all)),
    doneInTime: Math.min(...looks.map(({ done }) => done)),
  };
}

/**
 * Milliseconds from the end of a zoom to 200 % to its first final tile and to all on screen, for each method; half a
 * minute at most for each look. Each by an engine of its own: a slow network's run cannot be interrupted, and what is
 * asked for next waits for it.
 */
export async function measureSettling(folder, rounds, methods) {
  const chosen = methods.length > 0 ? methods : await onPhoto(folder, 'list', ({ page }) => listed(page));
  if (!Array.isArray(chosen)) return chosen;
  const rows = [];
  for (const method of chosen)
    rows.push(await onPhoto(folder, `settling-${method}`, ({ page }) => settle(page, method, rounds)));
  return rows.find((row) => typeof row === 'string') ?? rows;
}
