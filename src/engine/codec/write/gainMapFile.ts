import { mkdtemp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError, type FaultCode } from '../../../shared/faults';
import { rect, type Rect, type Size } from '../../../shared/geometry';
import { toBytes } from '../../kernels/color/quantise';
import { neededSource, resample } from '../../kernels/resample/resample';
import type { EnlargedGainMap, GainMap } from '../metadata/gainMap';
import { openPhoto, type FilePhoto } from '../read/open';
import { createScratch, type Scratch } from '../scratch/scratch';
import { encodePhoto } from './encode';

/** What an enlargement is of its photo: `part` of the whole that `scale` makes of `photo` (upright). */
export interface EnlargedPart {
  readonly photo: Size;
  readonly scale: number;
  readonly part: Rect<'output'>;
}

/** What libultrahdr, whose maps most cameras write, compresses them with. */
const QUALITY = 95;
/**
 * Gains are exponents: what a sharper kernel adds beside an edge would shine brighter than anything in the photo. And
 * who shows a map of less than the picture's size interpolates it like this, so that the enlargement shines as before.
 */
const KERNEL = 'bilinear';
/** Pixels enlarged between two looks at what else is to be done. */
const BLOCK_PIXELS = 1 << 20;

/** Faults of a gain map that is none: its photo is fine without it. */
const UNREADABLE: ReadonlySet<FaultCode> = new Set([
  'unreadable-image',
  'unsupported-format',
  'too-large',
  'empty-file',
]);

/** The size of the enlarged part of a gain map: its ratio to the picture's size stays what it was. */
function sizeOf(map: Size, { photo, part }: EnlargedPart): Size {
  const along = (length: number, of: number, to: number): number =>
    Math.max(1, Math.min(to, Math.round((to * length) / of)));
  return {
    width: along(map.width, photo.width, part.width),
    height: along(map.height, photo.height, part.height),
  };
}

/** Where the pixels of the enlarged map lie on the grid of an enlargement of the whole map: not on whole pixels. */
function gridOf(map: Size, { width, height }: Size, { photo, scale, part }: EnlargedPart) {
  return {
    scale: {
      x: (width / part.width) * scale * (photo.width / map.width),
      y: (height / part.height) * scale * (photo.height / map.height),
    },
    left: (part.x * width) / part.width,
    top: (part.y * height) / part.height,
  };
}

async function fill(
  scratch: Scratch,
  map: FilePhoto,
  enlarged: EnlargedPart,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { width, height } = scratch;
  const { scale, left, top } = gridOf(map.info, scratch, enlarged);
  const rows = Math.max(1, Math.floor(BLOCK_PIXELS / width));
  for (let y = 0; y < height; y += rows) {
    signal?.throwIfAborted();
    const count = Math.min(rows, height - y);
    const output = rect<'output'>(left, top + y, width, count);
    const needed = neededSource(output, scale, KERNEL, map.info);
    const source = await map.read(needed, signal && { signal });
    const pixels = resample(source, needed, map.info, scale, output, KERNEL);
    await scratch.write(rect(0, y, width, count), toBytes(pixels));
  }
}

/**
 * Enlarges the part of a gain map that belongs to an enlargement into a JPEG with the map's own words, in `folder`.
 * Undefined where the map cannot be read; throws what writing throws.
 */
export async function writeGainMap(
  map: GainMap,
  enlarged: EnlargedPart,
  folder: string,
  signal?: AbortSignal,
): Promise<EnlargedGainMap | undefined> {
  const scratchFolder = await mkdtemp(join(folder, 'gain-map-'));
  const path = join(scratchFolder, 'enlarged');
  const { orientation: turn, xmp, parameters: gainMapSegment } = map;
  let photo: FilePhoto | undefined;
  try {
    photo = await openPhoto(map.path, { scratchFolder, turn, ...(signal && { signal }) });
    const size = sizeOf(photo.info, enlarged);
    const scratch = await createScratch(size, photo.channels, 8, scratchFolder);
    try {
      await fill(scratch, photo, enlarged, signal);
      const { icc } = photo.metadata;
      const words = { density: null, ...(icc && { icc }), ...(xmp && { xmp }) };
      await encodePhoto(
        scratch,
        { ...words, ...(gainMapSegment && { gainMapSegment }) },
        { format: 'jpeg', quality: QUALITY },
        path,
        { overwrite: false, ...(signal && { signal }) },
      );
    } finally {
      await scratch.close();
    }
    return { path, bytes: (await stat(path)).size, ...(xmp && { xmp }) };
  } catch (error) {
    if (error instanceof FaultError && UNREADABLE.has(error.fault.code)) return undefined;
    throw error;
  } finally {
    await photo?.close();
  }
}
