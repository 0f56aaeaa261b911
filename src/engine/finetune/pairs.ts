import { bottom, intersect, rect, right, wholeOf, type Rect, type Size } from '../../shared/geometry';
import { colourOf } from '../kernels/color/alpha';
import { plane, type Raster } from '../kernels/raster';
import { imresize8 } from '../kernels/resample/imresize';
import { cutOut } from '../kernels/window';
import type { Photo } from '../photos/photo';
import { blurred, spoiled, type Degradation, type ThroughJpeg } from './degradation';
import { detailOf, largest, spread, windowsIn } from './windows';

/** Reduced by the reference bicubic and nothing else: what methods are measured by. */
export const REFERENCE: Degradation = { blur: 0, noise: 0, jpeg: null };

/** A square of a photo and its reduction, RGB in 8 bits, planar: what is learned from or measured. */
export interface Pair {
  readonly photo: string;
  readonly scale: number;
  /** Pixels of a side of the reduced square. */
  readonly side: number;
  readonly small: Uint8Array;
  /** `scale` times the side. */
  readonly large: Uint8Array;
}

/** Bytes that a pair takes. */
export const pairBytes = (side: number, scale: number): number => 3 * side ** 2 * (1 + scale ** 2);

/** Reduced pixels around a square that its own reduced pixels depend on: the bicubic's, and a blur's before it. */
const marginOf = ({ blur }: Degradation, scale: number): number => 4 + Math.ceil((3 * blur) / scale);

export interface Reduction {
  readonly scale: number;
  /** Of the reduced squares. */
  readonly side: number;
  readonly degradation: Degradation;
  readonly throughJpeg: ThroughJpeg;
}

/** The part of a photo that reduces to whole pixels. */
const wholePart = ({ width, height }: Size, scale: number): Rect<'source'> =>
  rect<'source'>(0, 0, width - (width % scale), height - (height % scale));

/** Squares of a photo, in its own pixels, that pairs can be made of. */
export function squaresOf(
  photo: Pick<Photo, 'info'>,
  { scale, side }: Pick<Reduction, 'scale' | 'side'>,
): Rect<'source'>[] {
  const { width, height } = wholePart(photo.info, scale);
  const reduced = windowsIn({ width: width / scale, height: height / scale }, side);
  return reduced.map((one) => rect<'source'>(one.x * scale, one.y * scale, side * scale, side * scale));
}

/** Colours in 8 bits, three of them. */
function bytesOf(picture: Raster): Uint8Array {
  const pixels = picture.width * picture.height;
  const bytes = new Uint8Array(3 * pixels);
  for (let c = 0; c < 3; c++) {
    const values = plane(picture, picture.channels === 1 ? 0 : c);
    for (let k = 0; k < pixels; k++)
      bytes[c * pixels + k] = Math.round(255 * Math.min(1, Math.max(0, values[k]!)));
  }
  return bytes;
}

/** One square and its reduction, as if the whole photo had been reduced. */
async function pairOf(
  photo: Photo,
  square: Rect<'source'>,
  reduction: Reduction,
  signal: AbortSignal,
): Promise<Pair> {
  const { scale, side, degradation, throughJpeg } = reduction;
  const margin = marginOf(degradation, scale) * scale;
  const around = intersect(
    rect<'source'>(
      square.x - margin,
      square.y - margin,
      square.width + 2 * margin,
      square.height + 2 * margin,
    ),
    wholePart(photo.info, scale),
  );
  const read = colourOf(await photo.read(around, { signal }));
  const blurredRead = degradation.blur > 0 ? blurred(read, degradation.blur) : read;
  const reduced = imresize8(blurredRead, 1 / scale);
  const inside = rect((square.x - around.x) / scale, (square.y - around.y) / scale, side, side);
  const clean = cutOut({ rect: wholeOf(reduced), pixels: reduced }, inside);
  const seed = 1 + square.x + square.y * photo.info.width;
  const small = await spoiled(clean, degradation, seed, throughJpeg);
  const large = cutOut({ rect: around, pixels: read }, square);
  return { photo: photo.info.name, scale, side, small: bytesOf(small), large: bytesOf(large) };
}

/** How much detail each square has; read in bands, so that memory does not grow with the photo. */
async function detailsOf(
  photo: Photo,
  squares: readonly Rect<'source'>[],
  signal: AbortSignal,
): Promise<number[]> {
  const details: number[] = [];
  for (let from = 0; from < squares.length;) {
    const band = squares.slice(from).filter(({ y }) => y === squares[from]!.y);
    const [first, last] = [band[0]!, band.at(-1)!];
    const read = rect<'source'>(first.x, first.y, right(last) - first.x, bottom(first) - first.y);
    const pixels = colourOf(await photo.read(read, { signal }));
    for (const square of band) details.push(detailOf(cutOut({ rect: read, pixels }, square)));
    from += band.length;
  }
  return details;
}

/**
 * Pairs of a photo, `most` at most: of its most detailed squares to learn from, of some of each kind to measure.
 * Throws what reading the photo throws.
 */
export async function pairsOf(
  photo: Photo,
  reduction: Reduction,
  most: number,
  toMeasure: boolean,
  signal: AbortSignal,
): Promise<Pair[]> {
  const squares = squaresOf(photo, reduction);
  const details = await detailsOf(photo, squares, signal);
  const places = toMeasure ? spread(details, most) : largest(details, most);
  const pairs: Pair[] = [];
  for (const place of places) pairs.push(await pairOf(photo, squares[place]!, reduction, signal));
  return pairs;
}

/** A square of a photo of at most `side` pixels, the most detailed there is, in whole multiples of the scale. */
export async function finestPart(
  photo: Photo,
  scale: number,
  side: number,
  signal: AbortSignal,
): Promise<Raster> {
  const whole = wholePart(photo.info, scale);
  const [width, height] = [
    Math.min(side - (side % scale), whole.width),
    Math.min(side - (side % scale), whole.height),
  ];
  const places: Rect<'source'>[] = [];
  for (let y = 0; y + height <= whole.height; y += height)
    for (let x = 0; x + width <= whole.width; x += width) places.push(rect<'source'>(x, y, width, height));
  let finest: { readonly part: Raster; readonly detail: number } | undefined;
  for (const place of places) {
    const part = colourOf(await photo.read(place, { signal }));
    const detail = detailOf(part);
    // A copy: what was read may be a view of more.
    if (!finest || detail > finest.detail) finest = { part: { ...part, data: part.data.slice() }, detail };
  }
  if (!finest) throw new RangeError(`expected a part inside ${whole.width} x ${whole.height}`);
  return finest.part;
}
