import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';

const whole = v.pipe(v.number(), v.integer());

/** Where the window was: its place when not maximised, in the system's pixels. */
export const windowPlaceSchema = v.object({
  x: v.optional(whole),
  y: v.optional(whole),
  width: v.pipe(whole, v.minValue(1)),
  height: v.pipe(whole, v.minValue(1)),
  maximized: v.optional(v.boolean(), false),
});
export type WindowPlace = v.InferOutput<typeof windowPlaceSchema>;

export const FIRST_PLACE: WindowPlace = { width: 1280, height: 800, maximized: false };

/** The remembered place; the first one where there is none or the file is damaged. */
export function readWindowPlace(path: string): WindowPlace {
  try {
    const parsed = v.safeParse(windowPlaceSchema, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output : FIRST_PLACE;
  } catch {
    return FIRST_PLACE;
  }
}

/** Remembers a place, whole or not at all; a place that cannot be remembered is no reason to stop closing. */
export function writeWindowPlace(path: string, place: WindowPlace): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, JSON.stringify(place));
    renameSync(`${path}.new`, path);
  } catch (error) {
    console.error(`The window's place could not be written to ${path}: ${String(error)}`);
  }
}
