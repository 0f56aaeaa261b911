import * as v from 'valibot';
import { faultSchema } from '../faults';
import { finetuneEvents } from './finetune';
import { jobIdSchema } from './jobId';
import { jobLineSchema, jobProgressSchema } from './jobs';
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
  /** A tile that takes its time is being made: 0 when it begins, more after each of several runs. */
  v.object({
    event: v.literal('view:making'),
    revision: whole,
    layer: layerKeySchema,
    tile: tileRectSchema,
    share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  }),
  /** A layer's tiles cannot be made; none of them is tried again until it is wanted anew. */
  v.object({
    event: v.literal('view:failed'),
    revision: whole,
    layer: layerKeySchema,
    fault: faultSchema,
  }),
  /** How far a client's own sheet is, of which the screen's drawing is made (`sheet:draw`); `label`: what is at work. */
  v.object({ event: v.literal('sheet:drawing'), done: whole, total: whole, label: v.optional(v.string()) }),
  /** Of jobs every client hears, whoever started them. */
  v.object({ event: v.literal('job:progress'), job: jobIdSchema, ...jobProgressSchema.entries }),
  v.object({ event: v.literal('job:ended'), line: jobLineSchema }),
  /** A job came, went, or changed its state: `jobs:list` has them as they are. */
  v.object({ event: v.literal('jobs:changed') }),
  ...methodEvents,
  ...finetuneEvents,
  /** One sentence worth showing, such as a device that was dropped. */
  v.object({ event: v.literal('notice'), message: v.string() }),
]);

export type EngineEvent = v.InferOutput<typeof engineEventSchema>;
export type TileEvent = Extract<EngineEvent, { event: 'view:tile' }>;
export type ProgressEvent = Extract<EngineEvent, { event: 'job:progress' }>;
