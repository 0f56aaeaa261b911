import * as v from 'valibot';
import { enlargementSchema } from '../enlargement';
import { faultSchema } from '../faults';
import { protocolSchema } from '../protocols';
import { blindOrderSchema, blindStateSchema } from './blind';
import { evaluateOrderSchema, evaluateRequestSchema, evaluationSchema, metricsSchema } from './measuring';
import { finetuneDoneSchema, finetuneOrderSchema, finetuneRequestSchema } from './finetune';
import { jobIdSchema } from './jobId';
import { deviceSchema, importFindingsSchema } from './methods';
import { encodingSchema, filePathSchema, pageSchema } from './photos';
import { recommendationSchema, recommendOrderSchema } from './recommend';
import { sheetDoneSchema, sheetOrderSchema, sheetPlaceSchema } from './sheets';
import { modelWordsSchema } from './values';

const whole = v.pipe(v.number(), v.integer());
const positive = v.pipe(whole, v.minValue(1));

/** An enlargement that is to become a file. Without the file: what a page may ask its door for. */
export const upscaleOrderSchema = v.object({
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

export const diagnosisSchema = v.object({
  version: v.string(),
  node: v.string(),
  processor: v.string(),
  cores: v.number(),
  memoryGiB: v.number(),
  runtime: v.string(),
  codec: v.string(),
  /** Names of the formats that can be opened and written, the latter with their most bits a channel. */
  formats: v.object({ reads: v.array(v.string()), writes: v.array(v.string()) }),
  devices: v.array(v.object({ device: v.string(), found: v.boolean(), says: v.string() })),
  models: v.array(
    v.object({ id: v.string(), ok: v.boolean(), device: v.nullable(v.string()), says: v.string() }),
  ),
  missing: v.array(v.object({ what: v.string(), mend: v.string() })),
  /** Whether the runtime's reporting to its maker is off, and how that is known. */
  reporting: v.object({ off: v.boolean(), says: v.string() }),
});
export type Diagnosis = v.InferOutput<typeof diagnosisSchema>;

/** Where an enlargement goes. `invented`: also a grey PNG of what the photo does not determine. */
export const outputPlaceSchema = v.object({
  path: filePathSchema,
  invented: v.optional(filePathSchema),
  overwrite: v.boolean(),
});
export type OutputPlace = v.InferOutput<typeof outputPlaceSchema>;

/** Every kind of job: what is ordered (paths may be in it, so only a door may start one) and what comes of it. */
export const jobKinds = {
  upscale: {
    order: v.object({ ...upscaleOrderSchema.entries, output: outputPlaceSchema }),
    result: upscaleDoneSchema,
  },
  evaluate: {
    order: evaluateOrderSchema,
    result: evaluationSchema,
  },
  metrics: {
    order: v.object({
      reference: filePathSchema,
      result: filePathSchema,
      /** Which picture of the reference's file; absent: the first. */
      page: v.optional(pageSchema),
      border: v.pipe(whole, v.minValue(0)),
      protocol: v.optional(protocolSchema, 'y'),
    }),
    result: metricsSchema,
  },
  doctor: { order: v.object({}), result: diagnosisSchema },
  /** Takes a model of somebody else's over as a method, or only says what it found (`keep` false). */
  import: {
    order: v.object({
      path: filePathSchema,
      /** What the user calls the file; absent: as it is called. */
      file: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
      name: modelWordsSchema,
      licence: modelWordsSchema,
      source: modelWordsSchema,
      keep: v.optional(v.boolean(), true),
    }),
    /** Findings are null of a model that Enlarger itself exported: its manifest has them. */
    result: v.object({ id: v.string(), kept: v.boolean(), findings: v.nullable(importFindingsSchema) }),
  },
  /** A method learns from photos and becomes one of the user's own, where it is better for it. */
  finetune: { order: finetuneOrderSchema, result: finetuneDoneSchema },
  /** A comparison figure of open photos. */
  sheet: {
    order: v.object({ ...sheetOrderSchema.entries, output: sheetPlaceSchema }),
    result: sheetDoneSchema,
  },
  recommend: { order: recommendOrderSchema, result: recommendationSchema },
  blind: { order: blindOrderSchema, result: blindStateSchema },
} as const;
export type JobKindName = keyof typeof jobKinds;
export type JobOrder<K extends JobKindName> = v.InferOutput<(typeof jobKinds)[K]['order']>;
/** An order as a caller writes it, before defaults are filled in. */
export type JobOrderInput<K extends JobKindName> = v.InferInput<(typeof jobKinds)[K]['order']>;
export type JobResult<K extends JobKindName> = v.InferOutput<(typeof jobKinds)[K]['result']>;

const jobKindSchema = v.picklist(Object.keys(jobKinds) as [JobKindName, ...JobKindName[]]);

export const JOB_STAGES = ['decode', 'enlarge', 'encode', 'measure', 'learn'] as const;
export type JobStage = (typeof JOB_STAGES)[number];

export const jobProgressSchema = v.object({
  stage: v.picklist(JOB_STAGES),
  done: v.pipe(whole, v.minValue(0)),
  total: v.pipe(whole, v.minValue(0)),
  /** Estimate from this job's own pace; null until there is one. */
  secondsLeft: v.nullable(v.number()),
  /** What is being worked on, for jobs of several files or methods. */
  label: v.optional(v.string()),
});
export type JobProgress = v.InferOutput<typeof jobProgressSchema>;

/**
 * `broken`: its engine ended in the middle; it can go on or be dropped. `elsewhere`: another engine on this
 * machine works on it. The last three are its end.
 */
export const JOB_STATES = [
  'queued',
  'running',
  'paused',
  'broken',
  'elsewhere',
  'done',
  'failed',
  'stopped',
] as const;

/** One line of the ledger. */
export const jobLineSchema = v.object({
  job: jobIdSchema,
  /** Jobs of one batch have one setting. */
  batch: v.optional(jobIdSchema),
  /** What the page called its order, by which it knows the job for its own after a restart, too. */
  orderId: v.optional(jobIdSchema),
  kind: jobKindSchema,
  /** What people call it: its photo's name. */
  title: v.string(),
  state: v.picklist(JOB_STATES),
  /** Whether it is the asking client's: it started it, asked for it to go on, or listed it when it had no one. */
  mine: v.boolean(),
  /** Milliseconds since 1970. */
  begunAt: v.number(),
  progress: v.nullable(jobProgressSchema),
  /** Of one that is done; `jobKinds` has its schema. */
  result: v.optional(v.unknown()),
  /** Of one that failed. */
  fault: v.optional(faultSchema),
});
export type JobLine = v.InferOutput<typeof jobLineSchema>;

const oneJob = v.object({ job: jobIdSchema });

/** What a page may ask of jobs. */
export const jobPageCalls = {
  /** Hides parts of a photo and lets methods recover them; the recommendation is the job's result. */
  'job:recommend': { params: recommendOrderSchema, value: jobLineSchema },
  /** Makes the pictures of a blind comparison; it is kept once they are there. */
  'job:blind': { params: blindOrderSchema, value: jobLineSchema },
  /** Measures methods on photos of the page's own. */
  'job:evaluate': { params: evaluateRequestSchema, value: jobLineSchema },
  /** Starts a training on photos of the page's own; see the job kind `finetune`. */
  'finetune:start': { params: finetuneRequestSchema, value: jobLineSchema },
  /** All there are: running, queued, broken off, failed and kept, and those that ended lately. */
  'jobs:list': { params: v.object({}), value: v.array(jobLineSchema) },
  /** Stops a job between two tiles; it ends as `stopped` and leaves nothing behind. */
  'job:stop': { params: oneJob, value: v.null() },
  /** Holds a job between two tiles; a file that is being written is written to its end. */
  'job:pause': { params: oneJob, value: v.null() },
  /** Takes an ended or a broken off job from the ledger, with all that it left on disk. */
  'job:drop': { params: oneJob, value: v.null() },
} as const;

const started = <K extends JobKindName>(kind: K) =>
  v.object({
    kind: v.literal(kind),
    /** What people will know it by; absent: its photo's name, or its kind. */
    title: v.optional(v.pipe(v.string(), v.maxLength(255))),
    batch: v.optional(jobIdSchema),
    /** What whoever ordered it calls the order. */
    orderId: v.optional(jobIdSchema),
    /** Where a job of the very same order was broken off, that one goes on in its place. */
    takeUp: v.optional(v.boolean()),
    /** Should it fail, it stays in the ledger as `failed`, until it is dropped or `job:resume` lets it begin anew. */
    keepsFailure: v.optional(v.boolean()),
    order: jobKinds[kind].order,
  });

/** Jobs whose orders hold paths: only a door may ask. */
export const jobDoorCalls = {
  /** Writes a job into the ledger and answers at once; `job:progress` and `job:ended` tell the rest. */
  'job:start': {
    params: v.variant('kind', [
      started('upscale'),
      started('evaluate'),
      started('metrics'),
      started('doctor'),
      started('import'),
      started('finetune'),
      started('recommend'),
      started('blind'),
      started('sheet'),
    ]),
    value: jobLineSchema,
  },
  /**
   * Lets a job go on that was paused or broken off, or begin anew that has failed and was kept. `anew`: from the beginning, where its photo or method is not
   * what it was. `output`: to another place. `crashed`: unasked, after the engine died; refused for a job that
   * its engines died of.
   */
  'job:resume': {
    params: v.object({
      job: jobIdSchema,
      anew: v.optional(v.boolean(), false),
      crashed: v.optional(v.boolean(), false),
      output: v.optional(outputPlaceSchema),
    }),
    value: jobLineSchema,
  },
  /** Where the file of a job is, or goes: an absolute path. */
  'job:place': { params: oneJob, value: v.object({ path: filePathSchema }) },
} as const;
