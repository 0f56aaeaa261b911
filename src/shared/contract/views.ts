import * as v from 'valibot';
import { methodOptionsSchema, methodRefSchema, photoTokenSchema } from '../enlargement';

const whole = v.pipe(v.number(), v.integer());
const positive = v.pipe(whole, v.minValue(1));

export const viewIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** A tile of a view: a rectangle of the enlargement's own grid, at most 1024 pixels a side. */
export const tileRectSchema = v.object({
  x: v.pipe(whole, v.minValue(0)),
  y: v.pipe(whole, v.minValue(0)),
  width: v.pipe(positive, v.maxValue(1024)),
  height: v.pipe(positive, v.maxValue(1024)),
});
export type TileRect = v.InferOutput<typeof tileRectSchema>;

/** Colour spaces in which a page can show tiles. */
export const displaySpaceSchema = v.picklist(['srgb', 'display-p3']);
export type DisplaySpace = v.InferOutput<typeof displaySpaceSchema>;

/**
 * What a view's tiles hold: the enlargement, or what of it the photo does not determine. A tile of the latter
 * has the enlargement's grey in red, the invented part in green (root mean square over the colours,
 * `INVENTED_GAIN` times), nothing in blue, and the photo's alpha.
 */
export const showsSchema = v.picklist(['enlargement', 'invented']);
export type Shows = v.InferOutput<typeof showsSchema>;

/** A byte of 255 in a map of what was invented stands for 1 / `INVENTED_GAIN` of the whole range, or more. */
export const INVENTED_GAIN = 8;

/** What a page asks to show enlargements on the screen. */
export const viewPageCalls = {
  /**
   * What a view wants to see now, most urgent first; replaces what the view wanted before.
   * Tiles come as `view:tile` events that carry this `revision`. A scale below 1 gives the photo itself,
   * reduced with antialiasing, whatever the method (so `scale` goes below that of an enlargement). What was invented is shown above scale 1 only.
   */
  'view:want': {
    params: v.object({
      view: viewIdSchema,
      revision: v.pipe(whole, v.minValue(0)),
      photo: photoTokenSchema,
      method: methodRefSchema,
      scale: v.pipe(v.number(), v.finite(), v.minValue(1 / 1024), v.maxValue(30)),
      options: methodOptionsSchema,
      display: displaySpaceSchema,
      shows: v.optional(showsSchema, 'enlargement'),
      tiles: v.pipe(v.array(tileRectSchema), v.maxLength(1024)),
    }),
    value: v.null(),
  },
  /** Credit: the engine may send so many tiles more to this view. */
  'view:grant': {
    params: v.object({ view: viewIdSchema, tiles: v.pipe(positive, v.maxValue(64)) }),
    value: v.null(),
  },
  'view:close': { params: v.object({ view: viewIdSchema }), value: v.null() },
} as const;
