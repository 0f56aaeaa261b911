import { area, rect, type Rect, type Size } from '../../shared/geometry';

/** Encoders work in blocks of up to so many pixels: a piece that begins at one is encoded as in the whole. */
export const BLOCK = 64;
/** A side of the pieces that are weighed, pixels; all multiples of the block. */
const PIECE = 256;
/** Up to here all of a picture is weighed. */
const WHOLE = 512;

/** What a piece of a file was encoded to. */
export interface Weighed {
  readonly piece: Rect;
  readonly pixelBytes: number;
}

export interface FileEstimate {
  readonly bytes: number;
  /** How many pieces it is estimated from, and their share of all pixels. */
  readonly places: number;
  readonly share: number;
}

const startAt = (middle: number, length: number, whole: number): number =>
  Math.max(0, Math.min(Math.floor((whole - length) / BLOCK), Math.round((middle - length / 2) / BLOCK))) *
  BLOCK;

/** A piece of at most `side`, about a middle, inside a file, at a block of its encoder. */
export function pieceAt(middle: { readonly x: number; readonly y: number }, side: Size, whole: Size): Rect {
  const width = Math.min(side.width, whole.width);
  const height = Math.min(side.height, whole.height);
  return rect(startAt(middle.x, width, whole.width), startAt(middle.y, height, whole.height), width, height);
}

/** The one place where a file of a batch is weighed. */
export const middlePiece = (whole: Size): Rect =>
  pieceAt({ x: whole.width / 2, y: whole.height / 2 }, { width: PIECE, height: PIECE }, whole);

/** Where a file is weighed: five places spread over it as on a die, or all of a small one. */
export function weighedPlaces(whole: Size): Rect[] {
  const { width, height } = whole;
  if (Math.max(width, height) <= WHOLE) return [rect(0, 0, width, height)];
  const side = { width: PIECE, height: PIECE };
  const shares = [
    [0.5, 0.5],
    [0.2, 0.2],
    [0.8, 0.8],
    [0.8, 0.2],
    [0.2, 0.8],
  ] as const;
  return shares.map(([x, y]) => pieceAt({ x: x * width, y: y * height }, side, whole));
}

/**
 * The size of a file by what pieces of it were encoded to, their mean for the rest, and `otherBytes`, which every
 * file has once; null: nothing was weighed yet.
 */
export function estimateFile(
  weighed: readonly Weighed[],
  otherBytes: number | null,
  whole: Size,
): FileEstimate | null {
  const pixels = weighed.reduce((sum, { piece }) => sum + area(piece), 0);
  if (pixels === 0 || otherBytes === null) return null;
  const encoded = weighed.reduce((sum, { pixelBytes }) => sum + pixelBytes, 0);
  const bytes = otherBytes + (encoded / pixels) * area(whole);
  return { bytes: Math.round(bytes), places: weighed.length, share: Math.min(1, pixels / area(whole)) };
}

export interface BatchEstimate {
  readonly bytes: number;
  /** From so many of its files. */
  readonly files: number;
}

/** So many files of a batch are weighed: the others are taken to be like them. */
const BATCH_WEIGHED = 12;

/** Which of a batch's files are weighed: all of a small one, else some spread evenly over it, the first and the last too. */
export function weighedFiles(count: number): number[] {
  const n = Math.min(count, BATCH_WEIGHED);
  return Array.from({ length: n }, (_, k) => (n === 1 ? 0 : Math.round((k * (count - 1)) / (n - 1))));
}

/**
 * The size of all files of a batch: each by what was weighed of it, the others at the mean of those for a pixel.
 * `weighed` is empty for a file of which nothing was weighed yet; null: of none anything was.
 */
export function estimateBatch(
  files: readonly { readonly size: Size; readonly weighed: readonly Weighed[] }[],
  otherBytes: number,
): BatchEstimate | null {
  const own = files.map(({ size, weighed }) => estimateFile(weighed, otherBytes, size));
  const known = files.filter((_, k) => own[k] !== null);
  const pixels = known.reduce((sum, { size }) => sum + area(size), 0);
  if (pixels === 0) return null;
  const bytes = own.reduce((sum, one) => sum + (one ? one.bytes - otherBytes : 0), 0);
  const rest = files.reduce((sum, { size }, k) => sum + (own[k] ? 0 : area(size)), 0);
  const all = bytes + (bytes / pixels) * rest + otherBytes * files.length;
  return { bytes: Math.round(all), files: known.length };
}
