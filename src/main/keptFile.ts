import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';

/** What a file of the app's own holds, by its schema; `otherwise` where there is none, or it is damaged. */
export function readKept<T>(path: string, schema: v.GenericSchema<unknown, T>, otherwise: T): T {
  try {
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output : otherwise;
  } catch {
    return otherwise;
  }
}

/**
 * Writes a file of the app's own, which only this user can read, whole or not at all: first beside its place, under
 * the name with `ending`. What cannot be kept is no reason to stop working: it is said, and nothing else happens.
 */
export function writeKept(path: string, text: string, what: string, ending = '.new'): void {
  const fresh = path + ending;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(fresh, text, { mode: 0o600 });
    renameSync(fresh, path);
  } catch (error) {
    reportNotKept(path, what, error);
  }
}

/** Says what could not be kept. */
export function reportNotKept(path: string, what: string, error: unknown): void {
  console.error(`${what} could not be written to ${path}: ${String(error)}`);
}
