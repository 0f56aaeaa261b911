import { applyTable, type ColourTable } from '../kernels/color/lut';
import { toBytes, toRgba8, toWords } from '../kernels/color/quantise';
import { colourChannels, hasAlpha, plane, raster, type Raster } from '../kernels/raster';

interface FinishDetails {
  raster: unknown;
  /** Interleaved, of every channel, for a file of 8 or 16 bits; through a table where its colours are converted. */
  bytes: { readonly table?: ColourTable | null };
  words: { readonly table?: ColourTable | null };
  /** RGBA of 8 bits for a screen, through a table of its colours (null: they are the photo's). */
  rgba: { readonly table: ColourTable | null };
}

export type FinishKind = keyof FinishDetails;

/** What an enlarged tile is wanted as. */
export type Finish<K extends FinishKind = FinishKind> = { readonly to: K } & FinishDetails[K];

export interface Finished {
  raster: Raster;
  bytes: Uint8Array<ArrayBuffer>;
  words: Uint16Array<ArrayBuffer>;
  rgba: Uint8Array<ArrayBuffer>;
}

function toDisplay(picture: Raster, table: ColourTable | null): Uint8Array<ArrayBuffer> {
  if (!table) return toRgba8(picture);
  const coloured = colourChannels(picture) === 3 ? picture : tripled(picture);
  applyTable(coloured, table);
  return toRgba8(coloured);
}

/** The picture through a table, with the channels that it had. */
function converted(picture: Raster, table: ColourTable | null | undefined): Raster {
  if (!table) return picture;
  if (colourChannels(picture) === 3) {
    applyTable(picture, table);
    return picture;
  }
  // A table's grey axis stays grey.
  const coloured = tripled(picture);
  applyTable(coloured, table);
  plane(picture, 0).set(plane(coloured, 0));
  return picture;
}

/** Grey as RGB: a table turns colours, and a grey profile's table is one too. */
function tripled(grey: Raster): Raster {
  const pixels = grey.width * grey.height;
  const picture = raster(grey.width, grey.height, hasAlpha(grey) ? 4 : 3);
  for (let c = 0; c < 3; c++) picture.data.set(grey.data.subarray(0, pixels), c * pixels);
  if (hasAlpha(grey)) picture.data.set(grey.data.subarray(pixels), 3 * pixels);
  return picture;
}

/** Memory for what is finished, of exactly its length; some kinds leave it alone. */
export type Into = ArrayBuffer | undefined;

const FINISHERS: {
  readonly [K in FinishKind]: (picture: Raster, finish: Finish<K>, into: Into) => Finished[K];
} = {
  raster: (picture) => picture,
  bytes: (picture, { table }, into) => toBytes(converted(picture, table), into && new Uint8Array(into)),
  words: (picture, { table }, into) => toWords(converted(picture, table), into && new Uint16Array(into)),
  rgba: (picture, { table }) => toDisplay(picture, table),
};

/** The picture as wanted; may overwrite its values on the way. `into` has the length that `finishedBytes` says. */
export const finishAs = <K extends FinishKind>(
  picture: Raster,
  finish: Finish<K>,
  into?: Into,
): Finished[K] => FINISHERS[finish.to](picture, finish, into);

/** Bytes that so many pixels of a picture of `channels` are for a file; of all else nobody says. */
export function finishedBytes({ to }: Finish, channels: number, pixels: number): number | undefined {
  const valueBytes = { bytes: 1, words: 2, raster: undefined, rgba: undefined }[to];
  return valueBytes && valueBytes * channels * pixels;
}

/** The picture as a page is sent it: RGBA of 8 bits in base64, through a table; may overwrite its values on the way. */
export const screenPixels = (picture: Raster, table: ColourTable | null): string =>
  Buffer.from(finishAs(picture, { to: 'rgba', table })).toString('base64');
