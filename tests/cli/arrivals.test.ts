import { expect, it } from 'vitest';
import { Arrivals, QUIET_MS } from '../../src/cli/arrivals';

const photo = { path: 'a.jpg' };

/** A folder of one file whose stamp the test sets. */
function watched(): { arrivals: Arrivals<typeof photo>; now: { stamp: string | undefined } } {
  const now: { stamp: string | undefined } = { stamp: '10 1' };
  return { arrivals: new Arrivals(() => Promise.resolve(now.stamp)), now };
}

it('takes a file only when it has been at rest, however long it was copied', async () => {
  const { arrivals, now } = watched();
  let at = 0;
  for (; at < 10 * QUIET_MS; at += QUIET_MS / 2) {
    now.stamp = `${10 + at} ${at}`;
    expect(await arrivals.ready([photo], at)).toEqual([]);
  }
  expect(await arrivals.ready([photo], at)).toEqual([]);
  expect(await arrivals.ready([photo], at + QUIET_MS)).toEqual([photo]);
});

it('leaves out empty files and files that went', async () => {
  const { arrivals, now } = watched();
  now.stamp = '0 1';
  for (const at of [0, QUIET_MS, 2 * QUIET_MS]) expect(await arrivals.ready([photo], at)).toEqual([]);
  now.stamp = undefined;
  expect(await arrivals.ready([photo], 3 * QUIET_MS)).toEqual([]);
});

it('takes a file once, whatever becomes of it afterwards', async () => {
  const { arrivals, now } = watched();
  await arrivals.ready([photo], 0);
  expect(await arrivals.ready([photo], QUIET_MS)).toEqual([photo]);
  arrivals.settle(photo.path, false);
  now.stamp = '99 9';
  for (const at of [2, 3, 4]) expect(await arrivals.ready([photo], at * QUIET_MS)).toEqual([]);
});

it('takes one that failed again when it has changed, and not before', async () => {
  const { arrivals, now } = watched();
  await arrivals.ready([photo], 0);
  await arrivals.ready([photo], QUIET_MS);
  arrivals.settle(photo.path, true);
  for (const at of [2, 3, 4]) expect(await arrivals.ready([photo], at * QUIET_MS)).toEqual([]);
  now.stamp = '20 2';
  expect(await arrivals.ready([photo], 5 * QUIET_MS)).toEqual([]);
  expect(await arrivals.ready([photo], 6 * QUIET_MS)).toEqual([photo]);
});
