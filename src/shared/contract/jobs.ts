import * as v from 'valibot';
import { enlargementSchema, methodOptionsSchema, methodRefSchema, scaleSchema } from '../enlargement';
import { deviceSchema } from './methods';
import { encodingSchema, filePathSchema } from './photos';

const whole = v.pipe(v.number(), v.integer());
const positive = v.pipe(whole, v.minValue(1));

export const jobIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** An enlargement that is to become a file. Without the file: what a page may ask its door for. */
export const upscaleOrderSchema = v.object({
  job: jobIdSchema,
  enlargement: enlargementSchema,
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

const figuresSchema = v.object({
  psnrY: v.number(),
  ssimY: v.number(),
  /** Only in protocol `rgb`. */
  psnrRgb: v.optional(v.number()),
  /** Null where its network is not installed, or a picture is too small for it. */
  lpips: v.optional(v.nullable(v.number()), null),
});
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
  /** Whether the runtime's reporting to its maker is off, and how that is known. */
  reporting: v.object({ off: v.boolean(), says: v.string() }),
});
export type Diagnosis = v.InferOutput<typeof diagnosisSchema>;

/** What a page may ask of jobs. */
export const jobPageCalls = {
  /** Stops a job between two tiles; its own call answers with the fault `stopped`. */
  'job:stop': { params: v.object({ job: jobIdSchema }), value: v.null() },
} as const;

/** Jobs whose orders hold paths: only a door may ask. */
export const jobDoorCalls = {
  'job:upscale': {
    params: v.object({
      ...upscaleOrderSchema.entries,
      /** `invented`: also a grey PNG of what the photo does not determine, eight times its strength. */
      output: v.object({
        path: filePathSchema,
        invented: v.optional(filePathSchema),
        overwrite: v.boolean(),
      }),
    }),
    value: upscaleDoneSchema,
  },
  'job:evaluate': {
    params: v.object({
      job: jobIdSchema,
      dataset: filePathSchema,
      scale: v.pipe(scaleSchema, v.integer(), v.minValue(2)),
      methods: v.pipe(v.array(methodRefSchema), v.minLength(1)),
      protocol: v.picklist(['y', 'rgb']),
      options: methodOptionsSchema,
      device: v.optional(deviceSchema, 'auto'),
    }),
    value: evaluationSchema,
  },
  'job:metrics': {
    params: v.object({
      job: jobIdSchema,
      reference: filePathSchema,
      result: filePathSchema,
      border: v.pipe(whole, v.minValue(0)),
    }),
    value: metricsSchema,
  },
  'job:doctor': { params: v.object({ job: jobIdSchema }), value: diagnosisSchema },
} as const;
