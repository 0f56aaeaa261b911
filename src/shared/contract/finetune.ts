import * as v from 'valibot';
import { methodRefSchema, photoTokenSchema } from '../enlargement';
import { jobIdSchema } from './jobId';
import { methodNameSchema } from './methods';
import { filePathSchema } from './photos';
import { countSchema, rgbaSchema } from './values';

/** Personal models: a method learns from the user's own photos and becomes a method of its own. */

const whole = v.pipe(v.number(), v.integer());

/** What can be learned by: distances between pictures, and of a choice among levels; engine/learning/losses has each. */
export const LOSS_NAMES = ['l1', 'l2', 'charbonnier', 'ssim', 'frequency', 'cross-entropy'] as const;
export type LossName = (typeof LOSS_NAMES)[number];

/** Fewer photos leave none to learn from or none to measure on. */
export const PHOTOS_MIN = 2;
export const PHOTOS_MAX = 2000;
export const MINUTES_MAX = 24 * 60;

/** What makes small photos of large ones: the reference bicubic, and what a camera or a site adds to it. */
export const degradationSchema = v.object({
  /** Standard deviation of a Gaussian, in pixels of the photo. */
  blur: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10)), 0),
  /** Standard deviation in steps of 8 bits; `photo`: as much as is found in each photo. */
  noise: v.optional(v.union([v.literal('photo'), v.pipe(v.number(), v.minValue(0), v.maxValue(50))]), 0),
  /** Quality of a JPEG; null: none; `photo`: as is found in each photo. */
  jpeg: v.optional(
    v.nullable(v.union([v.literal('photo'), v.pipe(whole, v.minValue(1), v.maxValue(100))])),
    null,
  ),
});

/** What is learned: everything, the last layers, or additions of a low rank. */
const learnsSchema = v.union([
  v.literal('all'),
  v.object({ lastLayers: v.pipe(whole, v.minValue(1)) }),
  v.object({ rank: v.pipe(whole, v.minValue(1), v.maxValue(64)) }),
]);

/** How a method is to learn, whatever from. */
export const finetuneSettingsSchema = v.object({
  method: methodRefSchema,
  /** What the new method is called; its id is made from it. */
  name: methodNameSchema,
  /** A whole factor; absent: the method's smallest, or of a method of any scale x2, x3 and x4 in turn. */
  scale: v.optional(v.pipe(whole, v.minValue(2), v.maxValue(8))),
  minutes: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(MINUTES_MAX)), 10),
  /** In place of the minutes: so many steps, which makes a training repeatable. */
  steps: v.optional(v.pipe(whole, v.minValue(1))),
  /** Absent: the one that the method was trained with, else L1, or cross-entropy of a method that chooses among levels. */
  loss: v.optional(v.picklist(LOSS_NAMES)),
  learns: v.optional(learnsSchema, 'all'),
  /** The highest learning rate; absent: what suits fine-tuning. */
  rate: v.optional(v.pipe(v.number(), v.minValue(1e-8), v.maxValue(1))),
  degradation: v.optional(degradationSchema, {}),
  /** Becomes a method even where it is not better. */
  keep: v.optional(v.boolean(), false),
});
export type FinetuneSettings = v.InferOutput<typeof finetuneSettingsSchema>;

/** Photos as a page has them. */
const tokensSchema = v.pipe(v.array(photoTokenSchema), v.minLength(1), v.maxLength(PHOTOS_MAX));

export const finetuneOrderSchema = v.object({
  ...finetuneSettingsSchema.entries,
  photos: v.pipe(
    v.array(v.union([v.object({ path: filePathSchema }), v.object({ photo: photoTokenSchema })])),
    v.minLength(1),
    v.maxLength(PHOTOS_MAX),
  ),
});
export type FinetuneOrder = v.InferOutput<typeof finetuneOrderSchema>;

/** What a page asks its door for. */
export const finetuneRequestSchema = v.object({ ...finetuneSettingsSchema.entries, photos: tokensSchema });

/** Figures of a validation against those before training, in dB of PSNR-Y. */
export const validationSchema = v.object({
  step: countSchema,
  /** Spent in training until then. */
  seconds: v.number(),
  /** Mean over the steps since the last validation; null before the first step. */
  loss: v.nullable(v.number()),
  /** The peak of the rate's schedule, with what was cut from it so far. */
  rate: v.number(),
  /** dB over what the method did before, on the photos kept aside. */
  gain: v.number(),
  /** The same on the general set; null where the scale leaves none. */
  general: v.nullable(v.number()),
});
export type Validation = v.InferOutput<typeof validationSchema>;

const oneJob = v.object({ job: jobIdSchema });

/** What the engine tells of a training while it runs, beside its progress. */
export const finetuneEvents = [
  v.object({
    event: v.literal('finetune:step'),
    job: jobIdSchema,
    step: countSchema,
    seconds: v.number(),
    /** Running mean. */
    loss: v.number(),
  }),
  v.object({ event: v.literal('finetune:validated'), job: jobIdSchema, validation: validationSchema }),
] as const;

/** A square of a photo kept aside: as it is, as the method made it from the reduced photo, and as it does now. */
export const trainingPreviewSchema = v.object({
  /** How many squares there are. */
  squares: countSchema,
  photo: v.string(),
  /** Pixels of a side. */
  side: countSchema,
  original: rgbaSchema,
  before: rgbaSchema,
  after: rgbaSchema,
});
export type TrainingPreview = v.InferOutput<typeof trainingPreviewSchema>;

export const finetunePageCalls = {
  /**
   * What the last validation's weights make of a square of the photos kept aside; of the training that ended last, what
   * it came to by the methods themselves.
   */
  'finetune:preview': {
    params: v.object({ job: jobIdSchema, square: countSchema }),
    value: trainingPreviewSchema,
  },
  /** All validations of a training that runs, oldest first; the first is the one before training. */
  'finetune:curve': { params: oneJob, value: v.object({ validations: v.array(validationSchema) }) },
  /** Ends a training after its step: what was best so far is measured, and kept where it is better. */
  'finetune:finish': { params: oneJob, value: v.null() },
} as const;

const figuresSchema = v.object({ psnrY: v.number(), lpips: v.nullable(v.number()) });
export const finetuneDoneSchema = v.object({
  /** The method that it became; null: nothing was kept, because it was not better. */
  id: v.nullable(v.string()),
  name: v.string(),
  /** The method that it learned from. */
  method: v.string(),
  scales: v.array(v.number()),
  better: v.boolean(),
  /** Photos learned from, and the names of those kept aside. */
  learned: countSchema,
  kept: v.array(v.string()),
  steps: countSchema,
  seconds: v.number(),
  /** What a step took lately, a running mean. */
  secondsPerStep: v.number(),
  /** The time was spent, it no longer got better, or somebody asked. */
  ending: v.picklist(['time', 'enough', 'asked']),
  /** On the photos kept aside, by the methods themselves; LPIPS null where it is not installed. */
  before: figuresSchema,
  after: figuresSchema,
  /** dB won or lost on the general set; null where the scale leaves none. */
  general: v.nullable(v.number()),
  /** Sentences, such as which photos were left out. */
  notes: v.array(v.string()),
});
export type FinetuneDone = v.InferOutput<typeof finetuneDoneSchema>;
