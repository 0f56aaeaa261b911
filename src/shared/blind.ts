import * as v from 'valibot';
import { DEVICES } from './contract/methods';
import { methodIdSchema, methodSumSchema, regionSchema, scaleSchema, turnedSchema } from './enlargement';

/**
 * A blind comparison: enlargements of crops of a photo, unlabelled, in an order by chance, rated one by one or chosen
 * in pairs. It is kept with all that repeats it and with every answer.
 */

export const BLIND_KINDS = ['rate', 'pairs'] as const;
export type BlindKind = (typeof BLIND_KINDS)[number];

/** Against what: the photo enlarged; or the photo reduced first, where it is itself a candidate that can be right. */
export const BLIND_TRUTHS = ['none', 'hide'] as const;

/** Beyond so many of either nobody looks to the end: 8 crops of 8 methods are 64 ratings, or 224 pairs. */
export const BLIND_METHODS_MAX = 8;
export const BLIND_CROPS_MAX = 8;
/** Scores go from 1, bad, to this, excellent: absolute category rating of ITU-T P.910. */
export const BLIND_SCORE_MAX = 5;
/** What is answered of a pair: the left, the right, or neither. */
export const PAIR_ANSWERS = { left: 1, right: 2, alike: 0 } as const;

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

export const blindIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9]{1,64}$/));
export const raterSchema = v.pipe(v.string(), v.trim(), v.maxLength(60));

/** A method as it was when the comparison began. */
export const blindMethodSchema = v.object({ id: methodIdSchema, sum: methodSumSchema, turned: turnedSchema });
export type BlindMethod = v.InferOutput<typeof blindMethodSchema>;

const blindAnswerSchema = v.object({
  /** Its place in the order of the seed. */
  trial: whole,
  /** A score of 1 to 5; of a pair, see `PAIR_ANSWERS`. */
  answer: v.pipe(whole, v.maxValue(BLIND_SCORE_MAX)),
  /** Milliseconds since 1970. */
  at: v.number(),
});

export const blindComparisonSchema = v.object({
  /** The version of this form. */
  blind: v.literal(1),
  id: blindIdSchema,
  /** Of Enlarger. */
  version: v.string(),
  kind: v.picklist(BLIND_KINDS),
  truth: v.picklist(BLIND_TRUTHS),
  scale: scaleSchema,
  device: v.picklist(DEVICES),
  photo: v.object({ name: v.string(), sha256: v.string() }),
  crops: v.pipe(v.array(regionSchema), v.minLength(1), v.maxLength(BLIND_CROPS_MAX)),
  /** The candidates, by their places. */
  methods: v.pipe(v.array(blindMethodSchema), v.minLength(1), v.maxLength(BLIND_METHODS_MAX)),
  /** The photo itself is the last candidate; only where it was hidden. */
  withOriginal: v.boolean(),
  /** Gives the order of the trials. */
  seed: v.pipe(whole, v.maxValue(2 ** 32 - 1)),
  /** Who looked; empty where nobody said. */
  rater: raterSchema,
  begunAt: v.number(),
  /** Null: not ended, and nothing about it is told. */
  endedAt: v.nullable(v.number()),
  /** One of each trial that was answered, in the order of the answers. */
  answers: v.array(blindAnswerSchema),
});
export type BlindComparison = v.InferOutput<typeof blindComparisonSchema>;

/** How many candidates there are. */
export const candidatesOf = ({
  methods,
  withOriginal,
}: Pick<BlindComparison, 'methods' | 'withOriginal'>): number => methods.length + (withOriginal ? 1 : 0);
