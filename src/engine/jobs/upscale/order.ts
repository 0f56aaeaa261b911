import { isAbsolute, join } from 'node:path';
import * as v from 'valibot';
import { jobKinds, type OutputPlace } from '../../../shared/contract';

/** An order as the ledger keeps it: with all that another engine needs to carry it out. */
export const storedOrderSchema = v.object({
  order: jobKinds.upscale.order,
  /** The photo's file; `kept`: in the job's own folder, since its door removes the original. */
  source: v.object({ path: v.string(), name: v.string(), kept: v.boolean() }),
  /** The working folder of the engine that took the order, from which relative paths count. */
  from: v.string(),
});
export type StoredOrder = v.InferOutput<typeof storedOrderSchema>;

/** A path as it was given where that means the same here, so that sentences name it as the user typed it. */
export const fromHere = (path: string, from: string): string =>
  from === process.cwd() || isAbsolute(path) ? path : join(from, path);

/** Where the result goes, seen from this engine's working folder. */
export function outputOf({ order: { output }, from }: StoredOrder): OutputPlace {
  return {
    path: fromHere(output.path, from),
    ...(output.invented === undefined ? {} : { invented: fromHere(output.invented, from) }),
    overwrite: output.overwrite,
  };
}
