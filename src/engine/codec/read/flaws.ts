import { appendFile, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stats } from 'sharp';
import { decoderOf, type Source } from './source';
import { withWarnings } from '../vips';

/**
 * Damage that a decoder goes over. libjpeg fills what it cannot read and warns; libvips hands warnings to
 * whichever pipeline ends first: of a batch, another photo's. So a warning is only a reason to look: the same file is
 * decoded once more with warnings as errors, and that answer is this file's own.
 */
const TRUNCATED = /premature end of JPEG/i;
/**
 * libvips writes its errors into one buffer of the whole process, which every pipeline clears when it ends: the
 * words may be gone before they are read. What sharp says then.
 */
const WORDLESS = /^Unknown error/;
/** A complaint whose words were gone is asked for again. */
const ASKED_MAX = 3;
const END_MARKER = Buffer.from([0xff, 0xd9]);

export const NO_END_MARKER = 'The file lacks its end marker; all pixels were there.';

/** How the directories of a file are written, on which no pixel depends; counts and places of warnings. */
const ABOUT_NO_PIXEL =
  /tags are not sorted|unknown field|unknown tag|read gave \d+ warnings|error in tile|incorrect count|incompatible type|exif|icc|profile/i;

/** libjpeg's warnings after which every pixel is right: a header that nobody needs, some padding at the end. */
const HARMLESS_IN_JPEG = /invalid SOS parameters|Adobe color transform/i;
const LEFT_OVER = /(\d+) extraneous bytes before marker 0xd9/i;
/** More than this left over is no padding: damage made the decoder skip ahead. */
const PADDING_BYTES_MAX = 64;

function isHarmlessInJpeg(warning: string): boolean {
  const leftOver = LEFT_OVER.exec(warning)?.[1];
  if (leftOver !== undefined) return Number(leftOver) <= PADDING_BYTES_MAX;
  return HARMLESS_IN_JPEG.test(warning);
}

const damaged = (says: string): string =>
  `Parts of the file are damaged and were filled in by the decoder ("${says}"); look at the result closely, or copy the photo again from where it came from.`;

/** Sentences about a source that was decoded while such warnings were heard. */
export async function flawsOf(source: Source, warnings: readonly string[]): Promise<string[]> {
  if (warnings.length === 0) return [];
  const statistics = () => decoderOf(source, 'warning').stats();
  if (source.format === 'jpeg') {
    const complaint = await complaintOf(statistics, warnings[0]!);
    return complaint === undefined || isHarmlessInJpeg(complaint) ? [] : [damaged(complaint)];
  }
  const heard = warnings.filter((warning) => !ABOUT_NO_PIXEL.test(warning));
  if (heard.length === 0) return [];
  if (source.format !== 'tiff') {
    const complaint = await complaintOf(statistics, heard[0]!);
    return complaint === undefined ? [] : [damaged(complaint)];
  }
  // libtiff's warnings are never errors: what it says again of the same file is this file's.
  const again = await withWarnings(statistics).catch(() => undefined);
  const said = again ? heard.find((warning) => again.warnings.includes(warning)) : heard[0];
  return said === undefined ? [] : [damaged(said)];
}

/**
 * What a pipeline that takes warnings for errors says, its pixels are thrown away; undefined: nothing. `heard`
 * stands in where its words were gone each time.
 */
export async function complaintOf(
  statistics: () => Promise<Pick<Stats, 'channels'>>,
  heard: string,
): Promise<string | undefined> {
  for (let asked = 0; asked < ASKED_MAX; asked++) {
    try {
      // Without its words a failure passes for a success, of no channels.
      if ((await statistics()).channels.length > 0) return undefined;
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      return said.split('\n')[0]!.replace(/^VipsJpeg: /, '');
    }
  }
  return heard;
}

/**
 * The source of a JPEG that ended too early, with the end marker that it may lack, as a copy in `folder`; for
 * other complaints undefined. If no more than the marker was missing, the copy decodes without a warning.
 */
export async function withEndMarker(
  source: Source,
  complaint: unknown,
  folder: string,
): Promise<Source | undefined> {
  const says = complaint instanceof Error ? complaint.message : '';
  if (source.format !== 'jpeg' || !(TRUNCATED.test(says) || WORDLESS.test(says))) return undefined;
  const path = join(folder, 'mended.jpg');
  await copyFile(source.pixels, path);
  await appendFile(path, END_MARKER);
  return { ...source, pixels: path };
}
