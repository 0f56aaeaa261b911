import * as v from 'valibot';
import { methodIdSchema, methodSumSchema } from '../enlargement';
import { controlSchema } from '../manifest';
import { filePathSchema } from './photos';

export const DEVICES = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export const deviceSchema = v.picklist(DEVICES);
export type Device = v.InferOutput<typeof deviceSchema>;

/** Where a method comes from: with Enlarger, from somebody else's file, or from training on the user's photos. */
export const methodOriginSchema = v.picklist(['bundled', 'imported', 'personal']);
export type MethodOrigin = v.InferOutput<typeof methodOriginSchema>;

/** One line of the method list; `enlarger methods --json` prints a part of it. */
export const methodCardSchema = v.object({
  id: methodIdSchema,
  /** Of its files as they are; with the id it names these very pixels, see `MethodRef`. */
  sum: methodSumSchema,
  name: v.string(),
  family: v.string(),
  origin: methodOriginSchema,
  /** Where a model of the user's own comes from, in words; null where nothing was said. */
  source: v.nullable(v.string()),
  /** Scales the method makes itself; for others the reference bicubic follows the next larger one, or the largest. */
  scales: v.union([v.array(v.number()), v.object({ min: v.number(), max: v.number() })]),
  weights: v.number(),
  licence: v.string(),
  /** { Set5: { x2: 37.01 } }: measured by this project, PSNR-Y in dB. */
  psnrY: v.record(v.string(), v.record(v.string(), v.number())),
  /** The same in LPIPS (AlexNet, lower is nearer to what people see), where it was measured. */
  lpips: v.record(v.string(), v.record(v.string(), v.number())),
  paper: v.nullable(v.object({ title: v.string(), authors: v.string(), year: v.number() })),
  goodAt: v.string(),
  badAt: v.string(),
  /** What can be turned in it, beside what every method has. */
  controls: v.array(controlSchema),
  /** Scales at which it learns from photos where none is named; null: it cannot (`shared/learnable.ts`). */
  learns: v.nullable(v.array(v.number())),
  /** Its results are consistent by themselves: the switch changes nothing. */
  alwaysConsistent: v.boolean(),
  /** Seconds a megapixel of output on this machine, by scale; those that are missing were not measured yet. */
  paces: v.record(v.string(), v.number()),
  /** The device in use for it, once chosen. */
  device: v.nullable(deviceSchema),
});
export type MethodCard = v.InferOutput<typeof methodCardSchema>;

/** A method that came, was replaced by other files under its id, or went. */
export const methodChangeSchema = v.object({
  id: methodIdSchema,
  change: v.picklist(['added', 'replaced', 'removed']),
});
export type MethodChange = v.InferOutput<typeof methodChangeSchema>;

/** What the engine tells of methods unasked: `methods:list` has them as they are from then on. */
export const methodEvents = [
  v.object({ event: v.literal('methods:changed'), changes: v.array(methodChangeSchema) }),
] as const;

/** What was found out about a model by trying it, before it becomes a method. */
export const importFindingsSchema = v.object({
  /** 1: it changes no size. */
  scale: v.number(),
  channels: v.picklist([1, 3]),
  layout: v.picklist(['NCHW', 'NHWC']),
  /** What stands for black and white. */
  range: v.picklist(['0..1', '0..255', '-1..1']),
  order: v.picklist(['RGB', 'BGR', 'grey']),
  /** false: both orders give the same, and RGB was taken. */
  orderIsCertain: v.boolean(),
  /** Sides of its input must be multiples of this; pictures are filled up to one. */
  multiple: v.number(),
  /** The one size that it runs at: photos are cut into tiles of it. Null: it runs at others too. */
  only: v.nullable(v.object({ width: v.number(), height: v.number() })),
  /** How far it looks, in input pixels; null: further than tiles can read, so they fade into each other. */
  overlap: v.nullable(v.number()),
  /** Means over the whole photo that it takes beside that; they are taken of samples of the photo. */
  means: v.number(),
  weights: v.number(),
  macsPerPixel: v.number(),
  liveBytesPerPixel: v.number(),
  /** How near the reduced result is to what went in, in dB. */
  consistencyDb: v.number(),
});
export type ImportFindings = v.InferOutput<typeof importFindingsSchema>;

/** What the user calls a model of their own. */
export const methodNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60));

export const methodPageCalls = {
  /** Calls a model of the user's own something else; its id stays, so that documents and scripts still mean it. */
  'method:rename': { params: v.object({ id: methodIdSchema, name: methodNameSchema }), value: v.null() },
  /** Removes a model of the user's own, from the disk too. */
  'method:remove': { params: v.object({ id: methodIdSchema }), value: v.null() },
  /**
   * Also looks what became of the folder of the user's models, which another engine may have changed. `measure`:
   * whoever asks stays, and methods that were never timed may be when nothing else is to be done.
   */
  'methods:list': {
    params: v.object({ measure: v.optional(v.boolean(), false) }),
    value: v.array(methodCardSchema),
  },
} as const;

/** Calls with paths: only a door may ask. */
export const methodDoorCalls = {
  /**
   * Writes a model of the user's own into a new folder of that path: manifest, card and ONNX files, whole or not at
   * all; `job:start` of an import takes such a folder over again, here or elsewhere. Or, where the path ends in
   * `.onnx` and the model is one file, that file alone.
   */
  'method:export': { params: v.object({ id: methodIdSchema, path: filePathSchema }), value: v.null() },
} as const;
