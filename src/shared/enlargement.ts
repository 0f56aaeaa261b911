import * as v from 'valibot';
import { SCALE_MAX, SCALE_MIN } from './geometry';

/**
 * The one idea of this program: an enlargement is a function of a photo, a region, a method as its files are
 * now, a scale and options. A tile is a rectangle of it and has exactly the pixels that the whole would have
 * there. Views, caches, jobs, sheets, metrics and undo all speak of this one thing.
 */

const whole = v.pipe(v.number(), v.integer());
const positive = v.pipe(whole, v.minValue(1));

/**
 * A photo's lasting name, given by the door that knows its path: the same after a reload of the page, after the
 * engine or the app was started again. It says nothing of the path.
 */
export const photoTokenSchema = v.pipe(v.string(), v.regex(/^photo-[A-Za-z0-9_-]{1,64}$/));

/** A rectangle on a photo, source pixels. */
export const regionSchema = v.object({
  x: v.pipe(whole, v.minValue(0)),
  y: v.pipe(whole, v.minValue(0)),
  width: positive,
  height: positive,
});
export type Region = v.InferOutput<typeof regionSchema>;

export const methodIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** SHA-256 over the names and sums of a method's files, in short; `code` for methods that are only code. */
export const methodSumSchema = v.pipe(v.string(), v.regex(/^([0-9a-f]{16}|code)$/));
export type MethodSum = v.InferOutput<typeof methodSumSchema>;

/**
 * A method as it is now. Its id alone is no key: a personal model is trained again and keeps its id. Without a
 * sum: whatever the catalogue has under that id when the engine reads the request.
 */
export const methodRefSchema = v.object({ id: methodIdSchema, sum: v.optional(methodSumSchema) });
export type MethodRef = v.InferOutput<typeof methodRefSchema>;

/** A real enlargement factor, 1 to 30. */
export const scaleSchema = v.pipe(v.number(), v.finite(), v.minValue(SCALE_MIN), v.maxValue(SCALE_MAX));

/** A share goes from 0 to 1; a whole number from 0 to `CONTROL_WHOLE_MAX`. */
export type ControlKind = 'share' | 'whole';
export const CONTROL_WHOLE_MAX = 2 ** 31 - 1;

/**
 * The controls that a method can have, each with what it may be turned to; see `controls` of its card. A new
 * one is a line here and its words: below for the terminal, which speaks English, and in the page's locales.
 */
export const CONTROLS = {
  crispness: 'share',
  denoise: 'share',
  strength: 'share',
  seed: 'whole',
} as const satisfies Record<string, ControlKind>;
export type ControlId = keyof typeof CONTROLS;
/** What the terminal's help says of each. */
export const CONTROL_HELP: Readonly<Record<ControlId, string>> = {
  crispness: '0 (safe) to 1 (crisp), in methods that have it',
  denoise: '0 (the grain stays) to 1 (it goes), in methods that have it',
  strength: '0 (true to the photo) to 1 (as much texture as it can), in methods that have it',
  seed: 'another whole number, another interpretation, in methods that have it',
};
export const CONTROL_IDS = Object.keys(CONTROLS) as readonly ControlId[];

const valueOfKind = {
  share: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  whole: v.optional(v.pipe(whole, v.minValue(0), v.maxValue(CONTROL_WHOLE_MAX))),
} as const;
type ControlEntries = { readonly [C in ControlId]: (typeof valueOfKind)[(typeof CONTROLS)[C]] };
const controlEntries = Object.fromEntries(
  CONTROL_IDS.map((id) => [id, valueOfKind[CONTROLS[id]]]),
) as ControlEntries; // the mapped type says of each id what the table says of it

/** What a user can switch on for any method, and turn in those that have it; absent: the method's own default. */
export const methodOptionsSchema = v.object({
  /** Mean over the 8 flips and rotations (self-ensemble); eight times the work. */
  ensemble: v.optional(v.boolean(), false),
  /** Projected, so that reducing it by the antialiased bicubic gives the photo again. */
  consistent: v.optional(v.boolean(), false),
  /**
   * Beyond the largest scale that the method has: pass after pass, instead of the bicubic after one. Four to
   * thirty times the work for less than 0.1 dB, so views never ask for it.
   */
  cascade: v.optional(v.boolean()),
  ...controlEntries,
});
export type MethodOptions = v.InferOutput<typeof methodOptionsSchema>;

/** A method as it is, with nothing switched on. */
export const PLAIN_OPTIONS: MethodOptions = { ensemble: false, consistent: false };

/** What the user turned in a method; what is not here is as the method has it. */
export const turnedSchema = v.object({
  ensemble: v.optional(v.boolean()),
  consistent: v.optional(v.boolean()),
  cascade: v.optional(v.boolean()),
  ...controlEntries,
});
export type Turned = v.InferOutput<typeof turnedSchema>;

/** What is on or off for any method. */
export const SWITCH_IDS = ['ensemble', 'consistent', 'cascade'] as const satisfies readonly (keyof Turned)[];

/** What is turned, each as the terminal takes it behind a method's id: `ensemble`, `crispness=0.4`. */
export const settingsOf = (turned: Turned): string[] => [
  ...SWITCH_IDS.filter((name) => turned[name]),
  ...CONTROL_IDS.flatMap((id) => (turned[id] === undefined ? [] : [`${id}=${turned[id]}`])),
];

export const enlargementSchema = v.object({
  photo: photoTokenSchema,
  /** Absent: the whole photo. */
  region: v.optional(regionSchema),
  method: methodRefSchema,
  scale: scaleSchema,
  options: methodOptionsSchema,
});
export type Enlargement = v.InferOutput<typeof enlargementSchema>;

/** Options as a part of a key: the same text for the same pixels. */
export const optionsKey = (options: MethodOptions): string =>
  [
    options.ensemble,
    options.consistent,
    options.cascade ?? false,
    ...CONTROL_IDS.map((id) => options[id] ?? ''),
  ].join(',');

/** What makes the pixels, whatever of: the method as its files are and as it is turned. */
export const makerKey = ({ method, options }: Pick<Enlargement, 'method' | 'options'>): string =>
  `${method.id}@${method.sum ?? ''} ${optionsKey(options)}`;

const regionKey = (region: Region | undefined): string =>
  region === undefined ? 'whole' : [region.x, region.y, region.width, region.height].join(',');

/** The one key of an enlargement: equal for two exactly when their pixels are the same by what was asked. */
export const enlargementKey = (of: Enlargement): string =>
  `${of.photo} ${regionKey(of.region)} ${makerKey(of)} ${of.scale}`;
