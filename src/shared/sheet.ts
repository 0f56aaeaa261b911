import * as v from 'valibot';
import { BLIND_KINDS } from './blind';
import { DEVICES } from './contract/methods';
import { tradeoffSchema } from './tradeoff';
import { pageSchema } from './contract/photos';
import { methodIdSchema, methodSumSchema, regionSchema, scaleSchema, turnedSchema } from './enlargement';

/**
 * A sheet: a comparison figure, as a document. It says everything that makes the sheet and no place where
 * anything lies, so that the same document gives the same bytes from every door; what a sheet was made by is
 * embedded in it.
 */

/** How crops are laid out; `docs/sheets.md` shows each. */
export const SHEET_LAYOUTS = ['paper', 'strip', 'ladder', 'grid'] as const;
export type SheetLayout = (typeof SHEET_LAYOUTS)[number];

export const SHEET_THEMES = ['light', 'dark', 'transparent'] as const;
export type SheetTheme = (typeof SHEET_THEMES)[number];

/** What crops are measured against: nothing but the photo itself, a reference beside it, or the photo before it was reduced. */
export const SHEET_TRUTHS = ['none', 'reference', 'hide'] as const;
export type SheetTruth = (typeof SHEET_TRUTHS)[number];

/** The files that a sheet can become. */
export const SHEET_FORMATS = ['png', 'pdf', 'svg', 'html', 'tex', 'gif', 'webp'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

/** What people call each. */
export const SHEET_FORMAT_NAMES: Readonly<Record<SheetFormat, string>> = {
  png: 'PNG',
  pdf: 'PDF',
  svg: 'SVG',
  html: 'HTML',
  tex: 'LaTeX',
  gif: 'GIF',
  webp: 'WebP',
};

/** The extensions of a format's files, without dots, the one that is written first. */
export const sheetExtensions = (format: SheetFormat): readonly [string, ...string[]] =>
  format === 'html' ? ['html', 'htm'] : [format];

/** Formats whose sheets have pictures of their own beside them. */
export const hasFilesBeside = (format: SheetFormat): boolean => format === 'tex';

/** As many as fit a page side by side. */
export const SHEET_METHODS_MAX = 24;
export const SHEET_SCALES_MAX = 12;
export const SHEET_CROPS_MAX = 24;
export const SHEET_PHOTOS_MAX = 24;
/** One of each photo by each method at each scale. */
const SHEET_OPINIONS_MAX = SHEET_PHOTOS_MAX * SHEET_METHODS_MAX * SHEET_SCALES_MAX;
/** Centimetres: a stamp to a poster. */
export const SHEET_WIDTH_MIN = 4;
export const SHEET_WIDTH_MAX = 100;
/** Text width of a page of a paper. */
export const SHEET_WIDTH = 17;
/** Dots an inch at least; a multiple of it is taken where crops need it to lie on whole dots. */
export const SHEET_DENSITY = 300;
/** The scale ladder's own, where none are named. */
export const LADDER_SCALES = [2, 3, 4, 6, 8, 12] as const;

const words = (most: number) => v.pipe(v.string(), v.maxLength(most));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const pixels = v.pipe(v.number(), v.integer(), v.minValue(1));
const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A picture that a sheet is made of; its sum is filled in when the sheet is made, and held to afterwards. */
const pictureSchema = v.object({ name: words(255), sha256: v.optional(sha256) });

export const sheetPhotoSchema = v.object({
  ...pictureSchema.entries,
  width: v.optional(pixels),
  height: v.optional(pixels),
  /** Which picture of its file; absent: the first. */
  page: v.optional(pageSchema),
  reference: v.optional(pictureSchema),
});

export const sheetCropSchema = v.object({
  /** Which of the photos. */
  photo: v.optional(index, 0),
  /** In the photo's pixels. */
  region: regionSchema,
  /** Chosen by the program, which the caption says. */
  proposed: v.optional(v.boolean(), false),
});
export type SheetCrop = v.InferOutput<typeof sheetCropSchema>;

export const sheetMethodSchema = v.object({
  id: methodIdSchema,
  /** Filled in when the sheet is made; other files under the id are refused then. */
  sum: v.optional(methodSumSchema),
  /** What was turned in it. */
  turned: v.optional(turnedSchema, {}),
  /** Shown instead of its name. */
  label: v.optional(words(80)),
});
export type SheetMethod = v.InferOutput<typeof sheetMethodSchema>;

export const sheetStyleSchema = v.object({
  widthCm: v.optional(
    v.pipe(v.number(), v.minValue(SHEET_WIDTH_MIN), v.maxValue(SHEET_WIDTH_MAX)),
    SHEET_WIDTH,
  ),
  theme: v.optional(v.picklist(SHEET_THEMES), 'light'),
  /** Dots of a pixel's side at 300 dots an inch; absent: as large as there is room for. */
  cropZoom: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64))),
  /** Figures beside names and under crops. */
  figures: v.optional(v.boolean(), true),
  /** What blind comparisons of the photos say of the methods: scores, or shares of pairs won with strengths. */
  opinions: v.optional(v.picklist(BLIND_KINDS)),
  errorMap: v.optional(v.boolean(), false),
  scaleBar: v.optional(v.boolean(), false),
  title: v.optional(words(300), ''),
  /** Before the protocol, which is always there. */
  caption: v.optional(words(2000), ''),
});
export type SheetStyle = v.InferOutput<typeof sheetStyleSchema>;

/** What blind comparisons say of a method on a photo; see `Estimate`. Filled in when the sheet is made, and held to. */
const sheetOpinionSchema = v.object({
  photo: index,
  method: index,
  scale: scaleSchema,
  value: v.number(),
  low: v.nullable(v.number()),
  high: v.nullable(v.number()),
  n: index,
  /** Of pairs: Bradley and Terry's strength; null where nothing connects what was compared. Older sheets have none. */
  strength: v.optional(
    v.nullable(v.object({ value: v.number(), low: v.nullable(v.number()), high: v.nullable(v.number()) })),
  ),
});
export type SheetOpinion = v.InferOutput<typeof sheetOpinionSchema>;

export const sheetDocumentSchema = v.object({
  /** The version of this form. */
  sheet: v.literal(1),
  /** Enlarger's version that made the sheet; filled in then. */
  version: v.optional(words(40)),
  photos: v.pipe(v.array(sheetPhotoSchema), v.minLength(1), v.maxLength(SHEET_PHOTOS_MAX)),
  /** Empty: proposed. */
  crops: v.optional(v.pipe(v.array(sheetCropSchema), v.maxLength(SHEET_CROPS_MAX)), []),
  /** How many crops are proposed of each photo where none is given. */
  proposals: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(SHEET_CROPS_MAX))),
  methods: v.pipe(v.array(sheetMethodSchema), v.minLength(1), v.maxLength(SHEET_METHODS_MAX)),
  /** One; several in a ladder. */
  scales: v.pipe(v.array(scaleSchema), v.minLength(1), v.maxLength(SHEET_SCALES_MAX)),
  layout: v.optional(v.picklist(SHEET_LAYOUTS), 'paper'),
  truth: v.optional(v.picklist(SHEET_TRUTHS), 'none'),
  device: v.optional(v.picklist(DEVICES), 'auto'),
  style: v.optional(sheetStyleSchema, {}),
  opinions: v.optional(v.pipe(v.array(sheetOpinionSchema), v.maxLength(SHEET_OPINIONS_MAX))),
  /** A plot of methods below the crops; what they are called is filled in when the sheet is made, and held to. */
  tradeoff: v.optional(tradeoffSchema),
});
export type SheetDocument = v.InferOutput<typeof sheetDocumentSchema>;
/** As it is written by hand, before defaults are filled in. */
export type SheetDocumentInput = v.InferInput<typeof sheetDocumentSchema>;

/** The sheet's format by a file's name; undefined for any other. */
export function sheetFormatOf(name: string): SheetFormat | undefined {
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
  return SHEET_FORMATS.find((format) => sheetExtensions(format).includes(extension));
}
