import * as v from 'valibot';
import { methodRefSchema, photoTokenSchema, regionSchema, scaleSchema } from '../enlargement';
import { protocolSchema } from '../protocols';
import { photoConditionSchema } from './condition';
import { jobIdSchema } from './jobId';
import { deviceSchema } from './methods';
import { countSchema, rgbaSchema } from './values';

/** How parts of a photo are reduced: by the papers' bicubic alone, or made as bad as the photo itself as well. */
export const DEGRADATIONS = ['bicubic', 'photo'] as const;
export type Degradation = (typeof DEGRADATIONS)[number];

/** Hide and recover: parts of a photo are reduced, and every method recovers them. */
export const recommendOrderSchema = v.object({
  photo: photoTokenSchema,
  scale: v.pipe(scaleSchema, v.gtValue(1)),
  /** Absent: all that have the scale. */
  methods: v.optional(v.pipe(v.array(methodRefSchema), v.minLength(1))),
  degradation: v.optional(v.picklist(DEGRADATIONS), 'bicubic'),
  /** After so long no further part is begun; the first is always done. */
  seconds: v.optional(v.pipe(v.number(), v.minValue(1)), 60),
  device: v.optional(deviceSchema, 'auto'),
});
export type RecommendOrder = v.InferOutput<typeof recommendOrderSchema>;

export const recoveredMethodSchema = v.object({
  method: v.string(),
  /** Means over the parts; an exactly recovered one counts as 100 dB. */
  psnrY: v.number(),
  ssimY: v.number(),
  lpips: v.nullable(v.number()),
  consistency: v.number(),
  /** Of all parts together. */
  seconds: v.number(),
});
export type RecoveredMethod = v.InferOutput<typeof recoveredMethodSchema>;

export const recommendationSchema = v.object({
  /** What the photo is called, and the token that it was open under. */
  photo: v.string(),
  token: photoTokenSchema,
  scale: v.number(),
  protocol: protocolSchema,
  degradation: v.picklist(DEGRADATIONS),
  /** The most detailed parts of the photo, which were hidden. */
  parts: v.array(regionSchema),
  /** What the photo suffers from: with findings, the test does not carry over as it is. */
  condition: photoConditionSchema,
  /** The best, or one as good in half the time. */
  recommended: v.string(),
  /** Best first, by PSNR-Y. */
  results: v.array(recoveredMethodSchema),
  /** Methods that failed, each in a sentence. */
  failures: v.array(v.object({ method: v.string(), error: v.string() })),
});
export type Recommendation = v.InferOutput<typeof recommendationSchema>;

/** The middle of a hidden part: as it is, reduced and plainly enlarged again, and as each method recovered it. */
export const recoveredCropsSchema = v.object({
  /** How many parts were hidden so far. */
  parts: countSchema,
  width: countSchema,
  height: countSchema,
  original: rgbaSchema,
  input: rgbaSchema,
  pictures: v.array(v.object({ method: v.string(), pixels: rgbaSchema })),
});
export type RecoveredCrops = v.InferOutput<typeof recoveredCropsSchema>;

export const recommendPageCalls = {
  /** Pictures of a part of one of the last tests; `not-found` where they are not kept any more. */
  'recommend:crops': {
    params: v.object({ job: jobIdSchema, part: countSchema }),
    value: recoveredCropsSchema,
  },
} as const;
