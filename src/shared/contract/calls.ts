import * as v from 'valibot';
import {
  deviceSchema,
  methodCardSchema,
  methodIdSchema,
  methodOptionsSchema,
  scaleSchema,
  turnedSchema,
} from './method';
import { encodingSchema, photoIdSchema, photoInfoSchema } from './photo';

/**
 * Every call that the engine answers: `noun:verb`, the schema of its parameters and of its value.
 * A call is read by its schema where it arrives; the types below come from the schemas.
 */
const whole = v.pipe(v.number(), v.integer());
const positive = v.pipe(whole, v.minValue(1));
const nothing = v.null();

export const jobIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
export const viewIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** A rectangle on a photo, source pixels. */
export const regionSchema = v.object({
  x: v.pipe(whole, v.minValue(0)),
  y: v.pipe(whole, v.minValue(0)),
  width: positive,
  height: positive,
});

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

/** A page's settings; every field has a default, so an old or damaged file still reads. */
export const settingsSchema = v.object({
  theme: v.optional(v.picklist(['system', 'dark', 'light']), 'system'),
  language: v.optional(v.picklist(['system', 'en', 'ko']), 'system'),
  method: v.optional(methodIdSchema, 'enlarger-fast'),
  scale: v.optional(scaleSchema, 4),
  /** By the id of the method. */
  turned: v.optional(v.record(methodIdSchema, turnedSchema), {}),
  encoding: v.optional(encodingSchema, { format: 'png' }),
  panels: v.optional(v.boolean(), true),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

const figuresSchema = v.object({
  psnrY: v.number(),
  ssimY: v.number(),
  /** Only in protocol `rgb`. */
  psnrRgb: v.optional(v.number()),
  /** Null where its network is not installed, or a picture is too small for it. */
  lpips: v.optional(v.nullable(v.number()), null),
});
const filePath = v.pipe(v.string(), v.minLength(1));

/**
 * What a page may ask: ids only, no path anywhere. The doors forward these and refuse all else.
 */
export const pageCalls = {
  /** What the page remembers between starts; kept by the engine, so that every door has the same. */
  'settings:read': { params: v.object({}), value: settingsSchema },
  'settings:write': { params: settingsSchema, value: nothing },
  'methods:list': { params: v.object({}), value: v.array(methodCardSchema) },
  /** Opens the chart that this project draws itself (resources/sample). */
  'photo:sample': { params: v.object({}), value: photoInfoSchema },
  'photo:close': { params: v.object({ photo: photoIdSchema }), value: nothing },
  /**
   * What a view wants to see now, most urgent first; replaces what the view wanted before.
   * Tiles come as `view:tile` events that carry this `revision`. A scale below 1 gives the photo itself,
   * reduced with antialiasing, whatever the method. What was invented is shown above scale 1 only.
   */
  'view:want': {
    params: v.object({
      view: viewIdSchema,
      revision: v.pipe(whole, v.minValue(0)),
      photo: photoIdSchema,
      method: methodIdSchema,
      scale: v.pipe(v.number(), v.finite(), v.minValue(1 / 1024), v.maxValue(30)),
      options: methodOptionsSchema,
      display: displaySpaceSchema,
      shows: v.optional(showsSchema, 'enlargement'),
      tiles: v.pipe(v.array(tileRectSchema), v.maxLength(1024)),
    }),
    value: nothing,
  },
  /** Credit: the engine may send so many tiles more to this view. */
  'view:grant': {
    params: v.object({ view: viewIdSchema, tiles: v.pipe(positive, v.maxValue(64)) }),
    value: nothing,
  },
  'view:close': { params: v.object({ view: viewIdSchema }), value: nothing },
  /** Stops a job between two tiles; its own call answers with the fault `stopped`. */
  'job:stop': { params: v.object({ job: jobIdSchema }), value: nothing },
} as const;

/** Enlarge a photo, or a region of it, into a file. Without the file: what a page may ask its door for. */
export const upscaleOrderSchema = v.object({
  job: jobIdSchema,
  photo: photoIdSchema,
  method: methodIdSchema,
  scale: scaleSchema,
  region: v.optional(regionSchema),
  options: methodOptionsSchema,
  device: v.optional(deviceSchema, 'auto'),
  encoding: encodingSchema,
});
export type UpscaleOrder = v.InferOutput<typeof upscaleOrderSchema>;

export const upscaleDoneSchema = v.object({
  width: positive,
  height: positive,
  seconds: v.number(),
  device: v.string(),
  /** Root mean square of the invented part in steps of 8 bits, where its map was ordered. */
  invented: v.optional(v.number()),
  /** Sentences for the user, such as what a format could not keep. */
  notes: v.array(v.string()),
});
export type UpscaleDone = v.InferOutput<typeof upscaleDoneSchema>;

export const evaluationSchema = v.object({
  dataset: v.string(),
  scale: v.number(),
  protocol: v.picklist(['y', 'rgb']),
  results: v.array(
    v.object({
      method: v.string(),
      mean: figuresSchema,
      images: v.array(v.object({ file: v.string(), ...figuresSchema.entries })),
    }),
  ),
});
export type Evaluation = v.InferOutput<typeof evaluationSchema>;

export const metricsSchema = v.object({
  psnrY: v.nullable(v.number()),
  ssimY: v.number(),
  psnrRgb: v.nullable(v.number()),
  msSsimY: v.nullable(v.number()),
  border: v.number(),
  lpips: v.nullable(v.number()),
});
/** PSNR is null where the pictures are identical (infinite), MS-SSIM where they are too small for 5 scales. */
export type Metrics = v.InferOutput<typeof metricsSchema>;

export const diagnosisSchema = v.object({
  version: v.string(),
  node: v.string(),
  processor: v.string(),
  cores: v.number(),
  memoryGiB: v.number(),
  runtime: v.string(),
  codec: v.string(),
  devices: v.array(v.object({ device: v.string(), found: v.boolean(), says: v.string() })),
  models: v.array(
    v.object({ id: v.string(), ok: v.boolean(), device: v.nullable(v.string()), says: v.string() }),
  ),
  missing: v.array(v.object({ what: v.string(), mend: v.string() })),
});
export type Diagnosis = v.InferOutput<typeof diagnosisSchema>;

/** What only a door may ask: these hold paths. */
export const doorCalls = {
  /** `path` is read; `name` is what the user calls it. The photo belongs to the calling client. */
  'photo:open': {
    params: v.object({ path: filePath, name: v.optional(v.string()) }),
    value: photoInfoSchema,
  },
  'job:upscale': {
    params: v.object({
      ...upscaleOrderSchema.entries,
      /** `invented`: also a grey PNG of what the photo does not determine, eight times its strength. */
      output: v.object({ path: filePath, invented: v.optional(filePath), overwrite: v.boolean() }),
    }),
    value: upscaleDoneSchema,
  },
  'job:evaluate': {
    params: v.object({
      job: jobIdSchema,
      dataset: filePath,
      scale: v.pipe(scaleSchema, v.integer(), v.minValue(2)),
      methods: v.pipe(v.array(methodIdSchema), v.minLength(1)),
      protocol: v.picklist(['y', 'rgb']),
      options: methodOptionsSchema,
      device: v.optional(deviceSchema, 'auto'),
    }),
    value: evaluationSchema,
  },
  'job:metrics': {
    params: v.object({
      job: jobIdSchema,
      reference: filePath,
      result: filePath,
      border: v.pipe(whole, v.minValue(0)),
    }),
    value: metricsSchema,
  },
  'job:doctor': { params: v.object({ job: jobIdSchema }), value: diagnosisSchema },
  /** A client is gone: its photos are closed, its views dropped, its jobs stopped. */
  'client:close': { params: v.object({}), value: nothing },
} as const;

export const engineCalls = { ...pageCalls, ...doorCalls } as const;

export type PageCall = keyof typeof pageCalls;
export type EngineCall = keyof typeof engineCalls;
export type Params<C extends EngineCall> = v.InferOutput<(typeof engineCalls)[C]['params']>;
/** Parameters as a caller writes them, before defaults are filled in. */
export type ParamsInput<C extends EngineCall> = v.InferInput<(typeof engineCalls)[C]['params']>;
export type Value<C extends EngineCall> = v.InferOutput<(typeof engineCalls)[C]['value']>;
