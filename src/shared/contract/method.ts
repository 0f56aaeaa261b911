import * as v from 'valibot';
import { controlSchema } from '../manifest';
import { SCALE_MAX, SCALE_MIN } from '../geometry';

/** A real enlargement factor, 1 to 30. */
export const scaleSchema = v.pipe(v.number(), v.finite(), v.minValue(SCALE_MIN), v.maxValue(SCALE_MAX));
export const methodIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

export const DEVICES = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export const deviceSchema = v.picklist(DEVICES);
export type Device = v.InferOutput<typeof deviceSchema>;

/** What methods can have to turn, see `controls` of the card; without: the card's default. */
const controls = {
  crispness: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  strength: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1))),
};

/** What a user can switch on for any method, and turn in those that have it. */
export const methodOptionsSchema = v.object({
  /** Mean over the 8 flips and rotations (self-ensemble); eight times the work. */
  ensemble: v.optional(v.boolean(), false),
  /** Projected, so that reducing it by the antialiased bicubic gives the photo again. */
  consistent: v.optional(v.boolean(), false),
  ...controls,
});
export type MethodOptions = v.InferOutput<typeof methodOptionsSchema>;

/** What the user turned in a method; what is not here is as the method has it. */
export const turnedSchema = v.object({
  ensemble: v.optional(v.boolean()),
  consistent: v.optional(v.boolean()),
  ...controls,
});
export type Turned = v.InferOutput<typeof turnedSchema>;

/** One line of the method list; `enlarger methods --json` prints a part of it. */
export const methodCardSchema = v.object({
  id: methodIdSchema,
  name: v.string(),
  family: v.string(),
  /** Scales the method makes itself; others are composed of these and reduced by the reference bicubic. */
  scales: v.union([v.array(v.number()), v.object({ min: v.number(), max: v.number() })]),
  weights: v.number(),
  licence: v.string(),
  /** { Set5: { x2: 37.01 } }: measured by this project, PSNR-Y in dB. */
  psnrY: v.record(v.string(), v.record(v.string(), v.number())),
  paper: v.nullable(v.object({ title: v.string(), authors: v.string(), year: v.number() })),
  goodAt: v.string(),
  badAt: v.string(),
  /** What can be turned in it, beside what every method has. */
  controls: v.array(controlSchema),
  /** Its results are consistent by themselves: the switch changes nothing. */
  alwaysConsistent: v.boolean(),
  /** Seconds a megapixel of output at x2 (or the smallest scale) on this machine; null: not measured yet. */
  secondsPerMegapixel: v.nullable(v.number()),
  /** The device in use for it, once chosen. */
  device: v.nullable(deviceSchema),
});
export type MethodCard = v.InferOutput<typeof methodCardSchema>;
