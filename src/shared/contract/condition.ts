import * as v from 'valibot';

/**
 * What a photo suffers from, as far as its pixels tell; most telling first. `jpeg-blocks`: JPEG left blocks or ringing
 * that enlarging would make larger; `noise`; `blurred`: there is no detail at single pixels, as in a photo that was
 * enlarged already or is out of focus.
 */
export const CONDITION_FINDINGS = ['jpeg-blocks', 'noise', 'blurred'] as const;
export type ConditionFinding = (typeof CONDITION_FINDINGS)[number];

/** A photo's condition, estimated from its pixels alone. */
export const photoConditionSchema = v.object({
  /** 1 to 100, the scale of the Independent JPEG Group; null: no trace of JPEG. */
  jpegQuality: v.nullable(v.number()),
  /** How much it breaks at JPEG's blocks, as a multiple of elsewhere: 1 is not at all. */
  blocking: v.number(),
  /** Standard deviation of luma noise in steps of 8 bits; null where nothing could be measured. */
  noise: v.nullable(v.number()),
  /** Standard deviation of the blur in pixels; sharp photographs have 0.3 to 0.8. Null where there is no detail. */
  blur: v.nullable(v.number()),
  findings: v.array(v.picklist(CONDITION_FINDINGS)),
});
export type PhotoCondition = v.InferOutput<typeof photoConditionSchema>;
