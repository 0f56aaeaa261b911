import { rect, type Rect, type Size } from '../../../shared/geometry';
import { detailedParts } from '../../kernels/detail';
import { benchmarkSizes } from '../../kernels/metrics/benchmarkPair';
import { lumaSamples } from '../../kernels/metrics/luma';
import type { Photo } from '../../photos/photo';

/** Sides of the inputs that methods get: context enough for all of them, and quick. */
const INPUT_SIDE = 96;
const PARTS = 4;
/** Detail is looked for in the photo reduced to about so many pixels along its long side. */
const OVERVIEW_SIDE = 1024;

/** The most detailed parts of a photo that can be hidden at a scale, best first; none where it is too small. */
export async function hiddenParts(
  photo: Photo,
  scale: number,
  signal: AbortSignal,
): Promise<Rect<'source'>[]> {
  const { width, height } = photo.info;
  const side = Math.ceil(INPUT_SIDE * scale);
  const { used } = benchmarkSizes({ width: Math.min(width, side), height: Math.min(height, side) }, scale);
  if (used.width === 0 || used.height === 0) return [];
  const wanted = Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / OVERVIEW_SIDE)));
  const level = Math.min(photo.levels, wanted);
  const factor = 2 ** level;
  const reduced: Size = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
  const pixels = await photo.read(rect(0, 0, reduced.width, reduced.height), { level, signal });
  const luma = lumaSamples(pixels, rect(0, 0, reduced.width, reduced.height));
  const part = { width: Math.ceil(used.width / factor), height: Math.ceil(used.height / factor) };
  return detailedParts(luma, part, PARTS).map(({ x, y }) =>
    rect<'source'>(
      Math.min(x * factor, width - used.width),
      Math.min(y * factor, height - used.height),
      used.width,
      used.height,
    ),
  );
}
