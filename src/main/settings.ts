import * as v from 'valibot';
import { readKept, writeKept } from './keptFile';

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
export const readWindowPlace = (path: string): WindowPlace => readKept(path, windowPlaceSchema, FIRST_PLACE);

/** Remembers a place, whole or not at all; a place that cannot be remembered is no reason to stop closing. */
export const writeWindowPlace = (path: string, place: WindowPlace): void =>
  writeKept(path, JSON.stringify(place), "The window's place");
