import * as v from 'valibot';
import {
  methodIdSchema,
  methodOptionsSchema,
  methodRefSchema,
  photoTokenSchema,
  scaleSchema,
} from '../enlargement';
import { protocolSchema } from '../protocols';
import { jobIdSchema } from './jobId';
import { deviceSchema } from './methods';
import { filePathSchema } from './photos';
import { countSchema, rgbaSchema } from './values';

/** Figures of one result, or their mean. */
export const figuresSchema = v.object({
  psnrY: v.number(),
  ssimY: v.number(),
  /** Only in protocol `rgb`, as the next. */
  psnrRgb: v.optional(v.number()),
  ssimRgb: v.optional(v.number()),
  /** Null where its network is not installed, or a picture is too small for it. */
  lpips: v.optional(v.nullable(v.number()), null),
  /** How far the reduced result is from its input, in dB. */
  consistency: v.optional(v.number()),
});
export type Figures = v.InferOutput<typeof figuresSchema>;

/** Standard deviations over the pictures; null where there are fewer than two figures. */
export const deviationsSchema = v.record(v.string(), v.nullable(v.number()));

export const measuredMethodSchema = v.object({
  method: v.string(),
  /** Pictures that were measured. */
  n: v.number(),
  mean: figuresSchema,
  deviation: deviationsSchema,
  /** Spent on enlarging them all, without measuring. */
  seconds: v.number(),
  /** The most that the engine held meanwhile, with all that it has loaded, in MiB. */
  peakMiB: v.number(),
  images: v.array(v.object({ file: v.string(), ...figuresSchema.entries, seconds: v.optional(v.number()) })),
});
export type MeasuredMethod = v.InferOutput<typeof measuredMethodSchema>;

/** What could not be measured: a picture, at one scale where it is too small for it, by one method where that failed. */
export const evaluationFailureSchema = v.object({
  file: v.string(),
  scale: v.optional(v.number()),
  method: v.optional(v.string()),
  error: v.string(),
});
export type EvaluationFailure = v.InferOutput<typeof evaluationFailureSchema>;

export const evaluationSchema = v.object({
  dataset: v.string(),
  protocol: protocolSchema,
  scales: v.array(v.object({ scale: v.number(), results: v.array(measuredMethodSchema) })),
  failures: v.array(evaluationFailureSchema),
  /** Names of the folder's pictures that are of kinds that cannot be read, which were left out; absent: none. */
  unread: v.optional(v.array(v.string())),
});
export type Evaluation = v.InferOutput<typeof evaluationSchema>;

/** How two pictures differ, in steps of 8 bits over all values: see `DifferenceStatistics`. */
export const differenceSchema = v.object({
  mean: v.number(),
  meanAbsolute: v.number(),
  rootMeanSquare: v.number(),
  percentile99: v.number(),
  largest: v.number(),
  changed: v.number(),
});

export const metricsSchema = v.object({
  psnrY: v.nullable(v.number()),
  ssimY: v.number(),
  psnrRgb: v.nullable(v.number()),
  msSsimY: v.nullable(v.number()),
  border: v.number(),
  lpips: v.nullable(v.number()),
  protocol: protocolSchema,
  /** Only in protocol `rgb`. */
  ssimRgb: v.optional(v.number()),
  /** Of the result alone; lower is more natural. Null where it is not installed or the picture is too small. */
  niqe: v.nullable(v.number()),
  difference: differenceSchema,
  /**
   * How far the result lies right of and below the reference, in pixels; null where both lie alike, or nothing can
   * be told.
   */
  shift: v.nullable(v.object({ x: v.number(), y: v.number() })),
});
/** PSNR is null where the pictures are identical (infinite), MS-SSIM where they are too small for 5 scales. */
export type Metrics = v.InferOutput<typeof metricsSchema>;

/** Networks and models of metrics that are not ours to bundle; the user installs them. */
export const METRIC_FILES = ['lpips', 'niqe'] as const;
export const metricFileSchema = v.picklist(METRIC_FILES);
export type MetricFile = v.InferOutput<typeof metricFileSchema>;

/** Only a door may ask: it holds paths. */
export const metricDoorCalls = {
  /** Copies a metric's file into the user's configuration folder, once it was read through; answers where. */
  'metric:install': {
    params: v.object({ metric: metricFileSchema, path: filePathSchema }),
    value: v.object({ path: filePathSchema }),
  },
} as const;

/** What methods are measured at, without the originals that they are measured on. */
export const evaluateSettingsSchema = v.object({
  /** Each above 1. */
  scales: v.pipe(v.array(v.pipe(scaleSchema, v.gtValue(1))), v.minLength(1), v.maxLength(64)),
  methods: v.pipe(v.array(methodRefSchema), v.minLength(1)),
  protocol: protocolSchema,
  options: methodOptionsSchema,
  device: v.optional(deviceSchema, 'auto'),
});

/** The most pictures that are measured as they are open. */
const ORIGINALS_MAX = 1000;
const originals = v.pipe(v.array(photoTokenSchema), v.minLength(1), v.maxLength(ORIGINALS_MAX));

export const evaluateOrderSchema = v.object({
  ...evaluateSettingsSchema.entries,
  /** A folder; with `photos` what they are called. */
  dataset: filePathSchema,
  /** Open photos, in the place of a folder's pictures. */
  photos: v.optional(originals),
});

/** What a page asks for: it knows its photos, and no folder. */
export const evaluateRequestSchema = v.object({
  ...evaluateSettingsSchema.entries,
  dataset: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  photos: originals,
});

/** A place of an original where a method did worst, or best, and what it made there. */
export const evaluationCropSchema = v.object({
  file: v.string(),
  /** Of this place. */
  psnrY: v.number(),
  x: countSchema,
  y: countSchema,
  width: countSchema,
  height: countSchema,
  original: rgbaSchema,
  result: rgbaSchema,
});
export type EvaluationCrop = v.InferOutput<typeof evaluationCropSchema>;

export const measuringPageCalls = {
  /** What an evaluation of this engine has measured so far; `not-found` where it is not known any more. */
  'evaluate:reached': { params: v.object({ job: jobIdSchema }), value: evaluationSchema },
  /**
   * The most telling place of the picture that a method did worst, or best, on at a scale; what the method made there
   * is made again.
   */
  'evaluate:crop': {
    params: v.object({
      job: jobIdSchema,
      scale: scaleSchema,
      method: methodIdSchema,
      which: v.picklist(['worst', 'best']),
    }),
    value: evaluationCropSchema,
  },
} as const;
