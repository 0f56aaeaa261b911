import type { Size } from '../../../shared/geometry';
import { encodeChunk, encodeText, SIGNATURE_BYTES } from '../containers/pngChunks';
import { sharp, withTurn } from '../vips';

/** Dots an inch as PNG keeps them: a metre, as a pHYs chunk. */
function densityChunk(density: number): Buffer {
  const data = Buffer.alloc(9);
  const perMetre = Math.round(density / 0.0254);
  data.writeUInt32BE(perMetre, 0);
  data.writeUInt32BE(perMetre, 4);
  data[8] = 1;
  return encodeChunk('pHYs', data);
}

/** Signature and IHDR, after which further chunks may stand. */
const HEAD_BYTES = SIGNATURE_BYTES + 25;

/** A picture of red, green and blue as PNG. */
export const encodePicture = ({ width, height, rgb }: Size & { readonly rgb: Uint8Array }): Promise<Buffer> =>
  withTurn(() =>
    sharp(rgb, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 9, adaptiveFiltering: true })
      .toBuffer(),
  );

/** Dots of red, green, blue and alpha, with an SVG drawn over them. */
export interface Overlaid extends Size {
  readonly rgba: Uint8Array;
  readonly overlay: string;
}

const overlaid = ({ width, height, rgba, overlay }: Overlaid) =>
  sharp(rgba, { raw: { width, height, channels: 4 } }).composite([
    { input: Buffer.from(overlay, 'utf8'), density: 72 },
  ]);

/** A sheet as PNG that knows its size in print, and under `key` the text. */
export async function encodeSheet(
  sheet: Overlaid & { readonly density: number; readonly isOpaque: boolean },
  { key, text }: { readonly key: string; readonly text: string },
): Promise<Buffer> {
  const picture = overlaid(sheet);
  const png = await withTurn(() =>
    (sheet.isOpaque ? picture.removeAlpha() : picture).png({ compressionLevel: 6 }).toBuffer(),
  );
  return Buffer.concat([
    png.subarray(0, HEAD_BYTES),
    densityChunk(sheet.density),
    encodeText({ keyword: key, text }),
    png.subarray(HEAD_BYTES),
  ]);
}

/** Frames one after another, over and over; `xmp` is kept by WebP alone. */
export async function encodeFrames(
  frames: readonly Overlaid[],
  format: 'gif' | 'webp',
  { delay, xmp }: { readonly delay: number; readonly xmp: string },
): Promise<Buffer> {
  const pages: Buffer[] = [];
  for (const frame of frames)
    pages.push(await withTurn(() => overlaid(frame).png({ compressionLevel: 1 }).toBuffer()));
  const moving = sharp(pages, { join: { animated: true } });
  const delays = frames.map(() => delay);
  return withTurn(() =>
    format === 'gif'
      ? moving.gif({ loop: 0, delay: delays, dither: 0, effort: 10 }).toBuffer()
      : moving.withXmp(xmp).webp({ lossless: true, loop: 0, delay: delays }).toBuffer(),
  );
}
