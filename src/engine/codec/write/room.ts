import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OutputFormat } from '../../../shared/formats';
import { FaultError } from '../../../shared/faults';
import { inWords } from '../fileFaults';
import { pictureBytes, type PixelLayout } from '../scratch/layout';

/**
 * Part of the raw pixels that a file of a photograph has at least, by format: half of what is usual at the
 * format's own quality, so that no job is refused that would have had room.
 */
const SHARE: Readonly<Record<OutputFormat, number>> = {
  png: 0.25,
  tiff: 0.25,
  jpeg: 0.03,
  webp: 0.02,
  avif: 0.01,
  jxl: 0.01,
};

/**
 * Throws `disk-full`, before any work, where the disk of `target` has less room than its file is estimated to
 * need, beside the temporary pixels where these lie on the same disk.
 */
export async function expectRoom(
  target: string,
  format: OutputFormat,
  layout: PixelLayout,
  scratchFolder: string,
): Promise<void> {
  const folder = dirname(target);
  const [disk, scratchDisk] = await Promise.all([stat(folder), stat(scratchFolder)]);
  const fileBytes = SHARE[format] * pictureBytes(layout);
  const needed = fileBytes + (disk.dev === scratchDisk.dev ? pictureBytes(layout) : 0);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return;
  throw new FaultError(
    'disk-full',
    `Expected about ${inWords(needed)} on the disk for ${target}, found ${inWords(bavail * bsize)} free; free some space there, or choose another place.`,
    { file: target },
  );
}
