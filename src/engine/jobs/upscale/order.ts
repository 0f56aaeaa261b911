import { isAbsolute, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { jobKinds, pageSchema, type OutputPlace } from '../../../shared/contract';

/** An order as the ledger keeps it: with all that another engine needs to carry it out. */
export const storedOrderSchema = v.object({
  order: jobKinds.upscale.order,
  /**
   * The photo's file; `kept`: in the job's own folder, since its door removes the original; `page`: absent, the
   * first.
   */
  source: v.object({
    path: v.string(),
    name: v.string(),
    kept: v.boolean(),
    page: v.optional(pageSchema),
  }),
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

/** What a file follows from: the order without what differs from run to run, its paths absolute. */
function essenceOf(stored: StoredOrder): unknown {
  const { order, source, from } = stored;
  const enlargement = { ...order.enlargement, photo: '' }; // a token of one opening
  const { path, invented } = outputOf(stored);
  return {
    ...order,
    enlargement,
    source: resolve(fromHere(source.path, from)),
    page: source.page ?? 1,
    output: [resolve(path), invented === undefined ? null : resolve(invented)],
  };
}

/** Whether two orders are for the very same file, made of the same photo in the same way. */
export const isSameOrder = (one: StoredOrder, other: StoredOrder): boolean =>
  isDeepStrictEqual(essenceOf(one), essenceOf(other));
