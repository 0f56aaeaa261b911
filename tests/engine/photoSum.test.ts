import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FilePhoto } from '../../src/engine/codec/read/open';
import { sumOfPhoto } from '../../src/engine/jobs/photoSum';
import type { Page } from '../../src/shared/contract';
import { ownFolder } from '../fixtures/ownFolder';

const { signal } = new AbortController();

async function openFile(content: string, page: Page = 1): Promise<FilePhoto> {
  const path = join(await ownFolder('photo-sum'), 'photo');
  writeFileSync(path, content);
  return { path, page } as FilePhoto;
}

const sumOf = (content: string): string => createHash('sha256').update(content).digest('hex');

it('reads the file of an open photo once', async () => {
  const photo = await openFile('pixels');
  expect(await sumOfPhoto(photo, signal)).toBe(sumOf('pixels'));
  rmSync(photo.path);
  expect(await sumOfPhoto(photo, signal)).toBe(sumOf('pixels'));
});

it('tells the pages of a file apart, whose first has the sum of the file', async () => {
  const sums = await Promise.all(
    [1, 2, 'embedded' as const].map(async (page) => sumOfPhoto(await openFile('pixels', page), signal)),
  );
  const file = sumOf('pixels');
  expect(sums).toEqual([file, sumOf(`${file} 2`), sumOf(`${file} embedded`)]);
});

it('goes on for others where the first who waits gives up', async () => {
  const photo = await openFile('pixels');
  const first = new AbortController();
  const waits = [sumOfPhoto(photo, first.signal), sumOfPhoto(photo, signal)];
  first.abort(new Error('left'));
  await expect(waits[0]).rejects.toThrow('left');
  expect(await waits[1]).toBe(sumOf('pixels'));
});

it('tries again after a file could not be read', async () => {
  const photo = await openFile('pixels');
  rmSync(photo.path);
  await expect(sumOfPhoto(photo, signal)).rejects.toThrow('ENOENT');
  writeFileSync(photo.path, 'pixels');
  expect(await sumOfPhoto(photo, signal)).toBe(sumOf('pixels'));
});
