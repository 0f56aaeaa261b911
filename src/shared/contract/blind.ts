import * as v from 'valibot';
import {
  BLIND_CROPS_MAX,
  BLIND_KINDS,
  BLIND_METHODS_MAX,
  BLIND_SCORE_MAX,
  BLIND_TRUTHS,
  blindIdSchema,
  blindMethodSchema,
  raterSchema,
} from '../blind';
import { methodRefSchema, photoTokenSchema, regionSchema, scaleSchema, turnedSchema } from '../enlargement';
import { deviceSchema } from './methods';
import { countSchema, rgbaSchema } from './values';

/** A blind comparison that is begun. */
const blindPlanSchema = v.object({
  kind: v.picklist(BLIND_KINDS),
  truth: v.optional(v.picklist(BLIND_TRUTHS), 'none'),
  scale: scaleSchema,
  methods: v.pipe(
    v.array(v.object({ ...methodRefSchema.entries, turned: v.optional(turnedSchema, {}) })),
    v.minLength(1),
    v.maxLength(BLIND_METHODS_MAX),
  ),
  withOriginal: v.optional(v.boolean(), false),
  /** Of the photo; of large ones the middle is shown. Empty: its most detailed places. */
  crops: v.optional(v.pipe(v.array(regionSchema), v.maxLength(BLIND_CROPS_MAX)), []),
  /** How many places are taken where no crops are given. */
  places: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(BLIND_CROPS_MAX)), 4),
  rater: v.optional(raterSchema, ''),
  device: v.optional(deviceSchema, 'auto'),
});

/** Makes the pictures of a blind comparison: of a new one, or of one that goes on. */
export const blindOrderSchema = v.object({
  photo: photoTokenSchema,
  comparison: v.union([blindPlanSchema, v.object({ again: blindIdSchema })]),
});
export type BlindOrder = v.InferOutput<typeof blindOrderSchema>;

/** What may be known of a comparison while it is rated: nothing of who made what. */
export const blindStateSchema = v.object({
  comparison: blindIdSchema,
  kind: v.picklist(BLIND_KINDS),
  /** The answer of each trial; null: none yet. */
  answers: v.array(v.nullable(countSchema)),
});
export type BlindState = v.InferOutput<typeof blindStateSchema>;

const shareOrScore = v.nullable(v.number());
/** What answers say of one candidate; see `opinionOf`. */
const opinionSchema = v.object({
  /** Null: the photo itself. */
  method: v.nullable(blindMethodSchema),
  value: v.number(),
  /** With 95 % confidence; null of one score. */
  low: shareOrScore,
  high: shareOrScore,
  n: countSchema,
  /**
   * Of pairs: its strength of Bradley and Terry among those that it was compared with, a natural logarithm, with 95 %
   * bounds; null of scores, and where some were never compared with others. See `bradleyTerry`.
   */
  strength: v.nullable(v.object({ value: v.number(), low: shareOrScore, high: shareOrScore })),
});
export type Opinion = v.InferOutput<typeof opinionSchema>;

/** All comparisons of one photo that ask the same, together: the best first. */
export const opinionsSchema = v.object({
  photo: v.object({ name: v.string(), sha256: v.string() }),
  kind: v.picklist(BLIND_KINDS),
  truth: v.picklist(BLIND_TRUTHS),
  scale: scaleSchema,
  comparisons: countSchema,
  /** Of those who said who they are; empty where nobody did. */
  raters: v.array(v.string()),
  crops: countSchema,
  opinions: v.array(opinionSchema),
});
export type Opinions = v.InferOutput<typeof opinionsSchema>;

/** One answer, with all that it was about. */
export const givenAnswerSchema = v.object({
  comparison: blindIdSchema,
  rater: v.string(),
  photo: v.string(),
  sha256: v.string(),
  kind: v.picklist(BLIND_KINDS),
  truth: v.picklist(BLIND_TRUTHS),
  scale: scaleSchema,
  seed: v.number(),
  trial: countSchema,
  crop: regionSchema,
  /** What was shown, from left to right; null: the photo itself. */
  shown: v.array(v.nullable(blindMethodSchema)),
  answer: countSchema,
  at: v.number(),
});
export type GivenAnswer = v.InferOutput<typeof givenAnswerSchema>;

const oneComparison = v.object({ comparison: blindIdSchema });
const ofPhoto = v.object({
  /** Absent: of all photos. */
  photo: v.optional(photoTokenSchema),
});

export const blindPageCalls = {
  /** The picture or the pair of a trial; `not-found` where they are not held any more: `job:blind` makes them again. */
  'blind:show': {
    params: v.object({ comparison: blindIdSchema, trial: countSchema }),
    value: v.object({
      pictures: v.array(v.object({ width: countSchema, height: countSchema, pixels: rgbaSchema })),
    }),
  },
  /** Keeps an answer, in the place of an earlier one. */
  'blind:answer': {
    params: v.object({
      comparison: blindIdSchema,
      trial: countSchema,
      answer: v.pipe(countSchema, v.maxValue(BLIND_SCORE_MAX)),
    }),
    value: blindStateSchema,
  },
  /** Ends a comparison: from now on it is told, and no answer is taken. One without any answer is forgotten. */
  'blind:end': { params: oneComparison, value: v.null() },
  'blind:forget': { params: oneComparison, value: v.null() },
  /** Comparisons of a photo that are not ended, the newest first. */
  'blind:open': {
    params: v.object({ photo: photoTokenSchema }),
    value: v.array(v.object({ ...blindStateSchema.entries, begunAt: v.number(), rater: v.string() })),
  },
  /** What ended comparisons say, the newest question first. */
  'blind:opinions': { params: ofPhoto, value: v.array(opinionsSchema) },
  /** Every answer of ended comparisons, as they were given. */
  'blind:answers': { params: ofPhoto, value: v.array(givenAnswerSchema) },
} as const;
