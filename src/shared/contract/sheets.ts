import * as v from 'valibot';
import { photoTokenSchema } from '../enlargement';
import { SHEET_FORMATS, sheetDocumentSchema } from '../sheet';
import { filePathSchema } from './photos';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A sheet's document, and where its photos are: open, in the document's order. */
export const sheetOrderSchema = v.object({
  document: sheetDocumentSchema,
  photos: v.pipe(
    v.array(v.object({ photo: photoTokenSchema, reference: v.optional(photoTokenSchema) })),
    v.minLength(1),
  ),
});
export type SheetOrder = v.InferOutput<typeof sheetOrderSchema>;

const psnr = v.nullable(v.number());
/** Figures beside the truth, or, where nobody knows it, how near the result reduced again is to the photo. */
const figuresSchema = v.union([
  v.object({ psnrY: psnr, ssimY: psnr, lpips: psnr }),
  v.object({ consistency: psnr }),
]);

const ofMethod = { method: index, scale: v.number(), figures: figuresSchema };

/** What a sheet shows: its document with all that was left open, and its figures, all by their places in it. */
export const sheetShownSchema = v.object({
  document: sheetDocumentSchema,
  whole: v.array(v.object({ photo: index, ...ofMethod })),
  crops: v.array(v.object({ crop: index, ...ofMethod })),
  /** The caption as it stands on the sheet. */
  caption: v.string(),
});

export const sheetDoneSchema = v.object({
  ...sheetShownSchema.entries,
  /** Names of the files beside the sheet's own that belong to it. */
  beside: v.array(v.string()),
  bytes: v.number(),
  seconds: v.number(),
  notes: v.array(v.string()),
});
export type SheetDone = v.InferOutput<typeof sheetDoneSchema>;

/**
 * Where a sheet goes. Its format follows from the name, unless it is told. `packed`: one ZIP archive of the sheet
 * under this name and of what belongs beside it.
 */
export const sheetPlaceSchema = v.object({
  path: filePathSchema,
  overwrite: v.boolean(),
  format: v.optional(v.picklist(SHEET_FORMATS)),
  packed: v.optional(v.object({ as: v.pipe(v.string(), v.minLength(1), v.maxLength(255)) })),
});

export const sheetPageCalls = {
  /**
   * Draws a sheet for the screen, from what is known of it: figures of whole photos are there only where they were
   * measured before, or with `measures`. A client's next drawing stops the one before (`stopped`).
   */
  'sheet:draw': {
    params: v.object({ ...sheetOrderSchema.entries, measures: v.optional(v.boolean(), false) }),
    value: v.object({
      ...sheetShownSchema.entries,
      /** The drawing as SVG, its pictures and fonts inside. */
      svg: v.string(),
      /** Whether figures of a whole photo are missing. */
      isUnmeasured: v.boolean(),
    }),
  },
} as const;

/** What only a door may ask: it holds paths. */
export const sheetDoorCalls = {
  /** The document that a sheet's file was made by. */
  'sheet:read': { params: v.object({ path: filePathSchema }), value: sheetDocumentSchema },
} as const;
