import { dirname } from 'node:path';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzz } from '../../tools/fuzz/fuzz.mjs';
import { buildEngineModule } from './builtEngine';

let entry: string;
beforeAll(async () => {
  entry = await buildEngineModule();
});
afterAll(() => rm(dirname(entry), { recursive: true, force: true }));

it('300 damaged files, models and calls end in a picture or a sentence, and leave nothing behind', async () => {
  const found = await fuzz({ count: 300, seed: 7, entry });
  expect(found.failures).toEqual([]);
  expect([found.files, found.messages, found.models]).toEqual([210, 60, 30]);
  // Neither all refused nor all read: the cases reach what they are for.
  expect(found.done).toBeGreaterThan(20);
  expect(found.done).toBeLessThan(200);
});
