import * as v from 'valibot';
import { CONTROL_IDS } from './enlargement';

/**
 * A method's manifest: resources/models/<id>/manifest.json, written by training/export and read here; for the
 * user's own models `models/<id>/manifest.json` in the configuration folder. Adding a folder adds a method.
 */
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const figure = v.object({
  psnrY: v.number(),
  ssimY: v.optional(v.number()),
  psnrRgb: v.optional(v.number()),
  lpips: v.optional(v.number()),
  paperPsnrY: v.optional(v.nullable(v.number())),
});

const onnxName = v.pipe(v.string(), v.regex(/^[\w.-]+\.onnx$/));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const step = v.pipe(v.number(), v.minValue(0));
const receptiveField = v.object({
  before: count,
  after: count,
  /** false: the network looks further than this (global pooling), so tiles are blended over the overlap. */
  exact: v.optional(v.boolean(), true),
  /**
   * How far the trained weights really look: with this many pixels around it, a tile's core differs from the
   * whole picture's by at most `step` 8-bit steps, over a photograph, a zone plate, white noise and hard edges
   * (training/measure/reach.py). Where `exact` is false: what is pooled was held at what the whole picture has there,
   * and where tiles fade, the difference counts by what it weighs (training/measure/held.py). `border`: so many pixels of
   * the photo mirrored beyond its border are enough, for with more no pixel differs by more than its `step`, which is
   * less than one: what lies there is made up in any case. Absent: as many as the overlap.
   */
  measured: v.optional(
    v.object({ overlap: count, step, border: v.optional(v.object({ overlap: count, step })) }),
  ),
});
export type ReceptiveField = v.InferOutput<typeof receptiveField>;

/** Input pixels on each side of an edge between tiles of a pooling network in which they fade into each other. */
const FADE = 8;

/** Input pixels of a side: what a tile reads beyond its core, and what of that shows that the tile ends there. */
export interface TileEdges {
  readonly overlap: { readonly before: number; readonly after: number };
  /** 0 where it was not measured: what a tile makes there fades out instead. */
  readonly seen: { readonly before: number; readonly after: number };
}

/**
 * What a tile reads on each side of its core: as far as the weights look, or as they could; of a network that pools,
 * whose tiles fade into each other, as far again as they do. Whole multiples of `align`: where tiles fade it is what two
 * neighbours share that is filled up to one, so that they may read further on one side than on the other.
 */
export function edgesOf({ before, after, exact, measured }: ReceptiveField, align = 1): TileEdges {
  const looks = (side: number): number => (measured ? Math.min(side, measured.overlap) : side);
  const whole = (length: number): number => Math.ceil(length / align) * align;
  if (!measured || exact) {
    return {
      overlap: { before: whole(looks(before)), after: whole(looks(after)) },
      seen: { before: 0, after: 0 },
    };
  }
  const seen = { before: looks(before), after: looks(after) };
  const shared = whole(seen.before + seen.after + 2 * FADE);
  const beyond = whole(seen.after + FADE);
  return { overlap: { before: shared - beyond, after: beyond }, seen };
}

/** What a tile reads on each side of its core. */
export const overlapOf = (field: ReceptiveField, align = 1): TileEdges['overlap'] =>
  edgesOf(field, align).overlap;

/** What of the photo mirrored beyond its border a network is given there, on each side. */
export function borderOf(field: ReceptiveField): TileEdges['overlap'] {
  const { before, after } = overlapOf(field);
  const most = field.measured?.border?.overlap ?? Infinity;
  return { before: Math.min(before, most), after: Math.min(after, most) };
}

export const modelFileSchema = v.object({
  /** The scale the file was trained for; 0: any (a pre-upsampled network that serves all). */
  scale: count,
  file: onnxName,
  sha256,
  /** Input pixels on each side of an input pixel that its output block can depend on. */
  receptiveField,
  /** What is read begins and ends at multiples of this, counted from the corner; absent: anywhere. For networks whose `receptiveField` is not exact. */
  align: v.optional(v.pipe(count, v.minValue(1))),
  /**
   * So many means of its channels over the whole picture the network takes, with so many multiplications an input pixel:
   * they are taken of samples of the photo, and given to every tile. `receptiveField` is what it looks at beside them.
   * Absent: none, or what it takes of the whole is more than means (then `receptiveField` is not exact).
   */
  means: v.optional(v.object({ count: v.pipe(count, v.minValue(1)), macsPerPixel: v.number() })),
  macsPerPixel: v.pipe(v.number(), v.minValue(0)),
  /** Bytes of the values alive at once in a run, for each input pixel; the runtime takes up to twice that. */
  liveBytesPerPixel: v.optional(count),
  /** Sides of what a run is given are at most this: the file was made for one size, and fills smaller pictures up. */
  largestInput: v.optional(count),
  /** Weights that the file does not hold itself, because other scales' files have them too (ONNX external data). */
  body: v.optional(v.object({ file: v.pipe(v.string(), v.regex(/^[\w.-]+\.bin$/)), sha256 })),
  /**
   * A second file of the same structure and layout, between whose weights and this one's `strength` goes:
   * 0 the second file's weights, 1 this one's. `ranges` are the weights' bytes, the same in both.
   */
  blend: v.optional(
    v.object({
      file: onnxName,
      sha256,
      ranges: v.pipe(
        v.array(v.object({ offset: count, bytes: count, type: v.picklist(['float32', 'float16', 'int8']) })),
        v.minLength(1),
      ),
    }),
  ),
});

/** A graph of an implicit method. */
const graphFileSchema = v.object({
  file: onnxName,
  sha256,
  /** true: not in the method's folder but in resources/encoders, named by its contents: several methods may name it. */
  shared: v.optional(v.boolean(), false),
});

/** One of the graphs that turn a photo into features. */
const sourceGraphSchema = v.object({
  ...graphFileSchema.entries,
  /** Of its output. */
  channels: count,
  /** Source pixels that it sees on each side, where it is the same everywhere. */
  reach: v.optional(count),
  /** Multiplications a source pixel, its share of `macsPerPixel.source`. */
  macsPerPixel: v.optional(v.number()),
  /** See `modelFileSchema`. */
  liveBytesPerPixel: v.optional(count),
});

/**
 * An implicit method: graphs that turn the photo into features at its own size, and one that turns features
 * into output pixels at any positions. docs/implicit.md has the graphs' inputs and outputs.
 */
export const implicitSchema = v.object({
  /** Run one after the other on a source tile: `input` [1, C, h, w] to `output` [1, C', h, w]. */
  source: v.pipe(v.array(sourceGraphSchema), v.minLength(1)),
  /** Of all source graphs together, in source pixels. */
  receptiveField,
  /** Source tiles begin at multiples of this (windows of attention are counted from the photo's corner). */
  align: v.optional(v.pipe(count, v.minValue(1)), 1),
  /** Multiplications a source pixel of all source graphs, and an output pixel of the decoder. */
  macsPerPixel: v.object({ source: v.number(), output: v.number() }),
  /** Of the hungriest source graph, for each source pixel; see `modelFileSchema`. */
  liveBytesPerPixel: v.optional(count),
  /** `onCpu`: the same with its widest products in 8-bit integers, which a CPU runs instead. */
  decoder: v.object({
    ...graphFileSchema.entries,
    onCpu: v.optional(graphFileSchema),
    /**
     * Of a decoder that is a sum over four cells of products of `functions` functions of each axis: the graph that
     * gives these functions' values, with which a CPU makes the sums itself (docs/implicit.md).
     */
    basis: v.optional(v.object({ ...graphFileSchema.entries, functions: v.pipe(count, v.minValue(1)) })),
  }),
  /** What the decoder's result is added to: this enlargement of the photo, or nothing. */
  base: v.picklist(['none', 'bilinear', 'bicubic']),
  /**
   * Makes the prior of the whole photo, once: `patches` [N, 3, side, side] of it and `noise` [1, noise] to
   * `prior` [1, P]; the last source graph then has the input `prior`.
   */
  prior: v.optional(v.object({ ...graphFileSchema.entries, side: count, noise: count })),
  /** The largest scale whose pixels the decoder is told of: the largest that it was trained on, or less. */
  trainedTo: v.number(),
});

/** What a user can turn in a method, and where it stands by itself; `CONTROLS` says to what it may be turned. */
export const controlSchema = v.object({ id: v.picklist(CONTROL_IDS), default: v.number() });
export type Control = v.InferOutput<typeof controlSchema>;

const fields = v.object({
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
  /**
   * network: enlarges by its scale. preUpsampled: refines a bicubic enlargement at the target size.
   * implicit: any scale by `implicit`, without `files`.
   */
  kind: v.picklist(['network', 'preUpsampled', 'implicit']),
  /** y: works on BT.601 luma, colour differences are enlarged bicubically. */
  channels: v.picklist(['y', 'rgb']),
  scales: v.pipe(v.array(v.pipe(count, v.minValue(1), v.maxValue(30))), v.minLength(1)),
  weights: count,
  licence: v.object({ weights: v.string(), data: v.string() }),
  /** Null: none describes it, as of most models of the user's own. */
  paper: v.nullable(v.object({ title: v.string(), authors: v.string(), year: count })),
  /** Of a model of the user's own: taken over from somebody else, or trained on the user's photos. */
  origin: v.optional(v.picklist(['imported', 'personal'])),
  /** Where that came from: an address, a name, the model that training began with. */
  source: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
  files: v.array(modelFileSchema),
  implicit: v.optional(implicitSchema),
  controls: v.optional(v.array(controlSchema), []),
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

export const manifestSchema = v.pipe(
  fields,
  v.check(
    ({ kind, files }) => (kind === 'implicit') === (files.length === 0),
    'Expected files of a network, and none of an implicit method, whose graphs are in `implicit`',
  ),
);

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type ModelFile = v.InferOutput<typeof modelFileSchema>;
export type Implicit = v.InferOutput<typeof implicitSchema>;
export type MethodFamily = Manifest['family'] | 'interpolation';
