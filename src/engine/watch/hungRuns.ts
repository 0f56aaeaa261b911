import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { readRegularFile } from '../state/regularFile';
import { hungSchema, type Store } from '../state/store';

/** How long a network that did not end is left alone. */
export const HUNG_HOURS = 1;

export const hungFileIn = (configFolder: string): string => join(configFolder, 'hung.json');

const noteSchema = v.object({ key: v.string(), ...hungSchema.entries });

/** Takes over what the watchdog of an earlier start left; the method it is about is told to the user. */
export async function takeHungRun(
  file: string,
  store: Store,
  notice: (sentence: string) => void,
): Promise<void> {
  const bytes = await readRegularFile(file).catch(() => undefined);
  if (bytes === undefined) return;
  await rm(file, { force: true });
  let read: unknown;
  try {
    read = JSON.parse(bytes.toString('utf8'));
  } catch {
    return;
  }
  const parsed = v.safeParse(noteSchema, read);
  if (!parsed.success) return;
  const { key, ...hung } = parsed.output;
  await store.update((state) => (state.hung[key] = hung)).catch(() => undefined); // the store says so itself
  notice(
    `${hung.method} did not come to an end: one run of its network took more than ${Math.round(hung.seconds)} s, ` +
      `and the engine was ended. It is left alone for an hour.`,
  );
}
