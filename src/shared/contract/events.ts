import * as v from 'valibot';
import { faultSchema } from '../faults';
import { jobIdSchema } from './jobs';
import { methodEvents } from './methods';
import { layerKeySchema, tileRectSchema } from './views';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Nouns that the engine tells unasked. `pixels` is RGBA, 8 bit, straight alpha, of exactly the tile's size. */
export const engineEventSchema = v.variant('event', [
  v.object({
    event: v.literal('view:tile'),
    revision: whole,
    layer: layerKeySchema,
    tile: tileRectSchema,
    pixels: v.instance(Uint8Array),
    /** Where the view shows what was invented: sum over the tile's pixels of its square, values in [0, 1]. */
    squares: v.optional(v.pipe(v.number(), v.minValue(0))),
  }),
  /** A layer's tiles cannot be made; none of them is tried again until it is wanted anew. */
  v.object({
    event: v.literal('view:failed'),
    revision: whole,
    layer: layerKeySchema,
    fault: faultSchema,
  }),
  v.object({
    event: v.literal('job:progress'),
    job: jobIdSchema,
    stage: v.picklist(['decode', 'enlarge', 'encode', 'measure']),
    done: whole,
    total: whole,
    /** Estimate from this job's own pace; null until there is one. */
    secondsLeft: v.nullable(v.number()),
    /** What is being worked on, for jobs of several files or methods. */
    label: v.optional(v.string()),
  }),
  ...methodEvents,
  /** One sentence worth showing, such as a device that was dropped. */
  v.object({ event: v.literal('notice'), message: v.string() }),
]);

export type EngineEvent = v.InferOutput<typeof engineEventSchema>;
export type TileEvent = Extract<EngineEvent, { event: 'view:tile' }>;
export type ProgressEvent = Extract<EngineEvent, { event: 'job:progress' }>;
