import * as v from 'valibot';
import { enlargementKey, enlargementSchema } from '../enlargement';
import { SCALE_MAX } from '../geometry';

const whole = v.pipe(v.number(), v.integer());
const positive = v.pipe(whole, v.minValue(1));

/** Layers and tiles that a page can want at once. */
export const LAYERS_MAX = 64;
export const TILES_MAX = 2048;

/** The smallest scale of a view: the photo itself, reduced. */
export const VIEW_SCALE_MIN = 1 / 1024;

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

/**
 * What a view shows, whole: an enlargement at the zoom. Below scale 1 it is the photo itself, reduced with
 * antialiasing, whatever the method; a page names `bicubic` there, so that such layers have one key. There is
 * no region in it: a region has the pixels that the whole has there.
 */
export const layerSchema = v.object({
  enlargement: v.object({
    ...v.omit(enlargementSchema, ['region']).entries,
    scale: v.pipe(v.number(), v.finite(), v.minValue(VIEW_SCALE_MIN), v.maxValue(SCALE_MAX)),
  }),
  shows: showsSchema,
});
export type Layer = v.InferOutput<typeof layerSchema>;

/** The one key of a layer; pixels carry the key of the layer that they are of. */
export const layerKey = ({ enlargement, shows }: Layer): string => `${enlargementKey(enlargement)} ${shows}`;
export const layerKeySchema = v.pipe(v.string(), v.minLength(1), v.maxLength(512));

/** A tile of one of the layers that are wanted with it; `layer` is its place among them. */
const wantedTileSchema = v.object({
  ...tileRectSchema.entries,
  layer: v.pipe(whole, v.minValue(0), v.maxValue(LAYERS_MAX - 1)),
});

/** What a page asks to show enlargements on the screen. A page has one view, however many panes it shows. */
export const viewPageCalls = {
  /**
   * All that the page wants to see now; replaces what it wanted before. The tiles of all layers stand in one
   * order, the most urgent first, and come as `view:tile` events. A tile that is being made and is still
   * wanted goes on. What was invented is shown above scale 1 only.
   */
  'view:want': {
    params: v.object({
      /** Counts up; an event carries that of the latest want that its tile was in. */
      revision: v.pipe(whole, v.minValue(0)),
      display: displaySpaceSchema,
      layers: v.pipe(v.array(layerSchema), v.maxLength(LAYERS_MAX)),
      tiles: v.pipe(v.array(wantedTileSchema), v.maxLength(TILES_MAX)),
    }),
    value: v.null(),
  },
  /** Credit: the engine may send so many tiles more. */
  'view:grant': {
    params: v.object({ tiles: v.pipe(positive, v.maxValue(64)) }),
    value: v.null(),
  },
  /** Nothing is wanted any more, and the credit is gone. */
  'view:close': { params: v.object({}), value: v.null() },
} as const;
