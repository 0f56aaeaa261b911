import * as v from 'valibot';

/**
 * A method's manifest: resources/models/<id>/manifest.json, written by training/export.py and read here.
 * Adding a folder with a manifest adds a method.
 */
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const figure = v.object({
  psnrY: v.number(),
  ssimY: v.optional(v.number()),
  paperPsnrY: v.optional(v.nullable(v.number())),
});

export const modelFileSchema = v.object({
  /** The scale the file was trained for; 0: any (a pre-upsampled network that serves all). */
  scale: count,
  file: v.pipe(v.string(), v.regex(/^[\w.-]+\.onnx$/)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Input pixels on each side of an input pixel that its output block can depend on. */
  receptiveField: v.object({
    before: count,
    after: count,
    /** false: the network looks further than this (global pooling), so tiles are blended over the overlap. */
    exact: v.optional(v.boolean(), true),
  }),
  macsPerPixel: v.pipe(v.number(), v.minValue(0)),
});

export const manifestSchema = v.object({
  format: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)),
  name: v.pipe(v.string(), v.minLength(1)),
  family: v.picklist([
    'convolutional',
    'residual',
    'attention',
    'adversarial',
    'blind',
    'implicit',
    'enlarger',
  ]),
  /** network: enlarges by its scale. preUpsampled: refines a bicubic enlargement at the target size. */
  kind: v.picklist(['network', 'preUpsampled']),
  /** y: works on BT.601 luma, colour differences are enlarged bicubically. */
  channels: v.picklist(['y', 'rgb']),
  scales: v.pipe(v.array(v.pipe(count, v.minValue(1), v.maxValue(30))), v.minLength(1)),
  weights: count,
  licence: v.object({ weights: v.string(), data: v.string() }),
  paper: v.object({ title: v.string(), authors: v.string(), year: count }),
  files: v.pipe(v.array(modelFileSchema), v.minLength(1)),
  figures: v.record(v.string(), v.record(v.string(), figure)),
  validation: v.optional(v.record(v.string(), v.number())),
  /** On what and for how long it was trained; `runs` has the same by configuration. */
  training: v.optional(
    v.object({
      photographs: v.string(),
      steps: count,
      minutes: v.number(),
      device: v.string(),
      loss: v.string(),
      runs: v.optional(
        v.record(v.string(), v.object({ steps: count, minutes: v.number(), device: v.string() })),
        {},
      ),
    }),
  ),
  goodAt: v.string(),
  badAt: v.string(),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type ModelFile = v.InferOutput<typeof modelFileSchema>;
export type MethodFamily = Manifest['family'] | 'interpolation';
