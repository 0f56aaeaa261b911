import * as v from 'valibot';
import { enlargementSchema } from '../enlargement';
import { encodingSchema } from './photos';
import { countSchema, rgbaSchema } from './values';
import { displaySpaceSchema, tileRectSchema } from './views';

/** The most pieces of a file that are weighed at once. */
export const WEIGHED_MAX = 16;

/** The longest side of a piece that is looked at: a preview's pane on a screen of two device pixels to a pixel, and a block. */
export const PIECE_MAX = 1536;
const sideSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(PIECE_MAX));
const pieceSchema = v.object({ x: countSchema, y: countSchema, width: sideSchema, height: sideSchema });

/** Of which file pieces are tried. Pieces are in pixels of the file. */
const fileEntries = { enlargement: enlargementSchema, encoding: encodingSchema };

/** A piece as it was made and as the file will have it, in the colours of the display. */
export const encodingTrialSchema = v.object({
  before: rgbaSchema,
  after: rgbaSchema,
  /** What the piece's pixels take: its own file less that of a picture with nothing in it. */
  pixelBytes: countSchema,
  /** Everything else of the whole file: its headers and what it keeps of the photo. */
  otherBytes: countSchema,
});
export type EncodingTrial = v.InferOutput<typeof encodingTrialSchema>;

/** Pieces of an export's file, enlarged and encoded as the file would be. A client's next call stops the one before. */
export const exportPageCalls = {
  'export:try': {
    params: v.object({ ...fileEntries, piece: pieceSchema, display: displaySpaceSchema }),
    value: encodingTrialSchema,
  },
  /** What the pixels of each piece take. */
  'export:weigh': {
    params: v.object({
      ...fileEntries,
      pieces: v.pipe(v.array(tileRectSchema), v.minLength(1), v.maxLength(WEIGHED_MAX)),
    }),
    value: v.object({ pixelBytes: v.array(countSchema) }),
  },
  /** Nobody looks any more: what is being tried stops. */
  'export:stopTrying': { params: v.object({}), value: v.null() },
} as const;
