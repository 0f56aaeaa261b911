import type { PhotoCondition } from '../../shared/contract';
import { rect, type Rect, type Size } from '../../shared/geometry';
import { conditionOf } from '../kernels/condition';
import type { Photo } from './photo';

/** Pieces along each axis of a large photo, and their side; both as even as JPEG's blocks. */
const PIECES = 3;
const PIECE_SIDE = 224;
const BLOCK = 8;

/** Evenly spread parts of a photo at multiples of 8 pixels; a small photo is its own only one. */
export function spreadPieces({ width, height }: Size): Rect<'source'>[] {
  const along = (length: number): { from: number; length: number }[] => {
    if (length <= PIECES * PIECE_SIDE) return [{ from: 0, length }];
    return Array.from({ length: PIECES }, (_, k) => {
      const middle = ((k + 0.5) * length) / PIECES;
      return { from: BLOCK * Math.round((middle - PIECE_SIDE / 2) / BLOCK), length: PIECE_SIDE };
    });
  };
  return along(height).flatMap((down) =>
    along(width).map((across) => rect<'source'>(across.from, down.from, across.length, down.length)),
  );
}

const known = new WeakMap<Photo, Promise<PhotoCondition>>();

/** A photo's condition from parts spread over it; measured once for each. */
export function conditionOfPhoto(photo: Photo, signal?: AbortSignal): Promise<PhotoCondition> {
  let found = known.get(photo);
  if (!found) {
    found = Promise.all(
      spreadPieces(photo.info).map((piece) => photo.read(piece, signal && { signal })),
    ).then(conditionOf);
    known.set(photo, found);
    found.catch(() => known.delete(photo));
  }
  return found;
}
