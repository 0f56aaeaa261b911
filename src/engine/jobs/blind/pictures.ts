import { FaultError } from '../../../shared/faults';

/** Comparisons whose pictures are held, the newest: some megabytes a crop and candidate. */
const COMPARISONS_MAX = 2;

/** A crop as a candidate made it, for a screen: RGBA of 8 bits in base64. */
export interface BlindPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: string;
}

/** What candidates made of crops, all of it before the first trial is shown: how long one takes would tell which it is. */
export class BlindPictures {
  private readonly held = new Map<string, ReadonlyMap<string, BlindPicture>>();

  /** `made`: by `pictureKey`. */
  hold(comparison: string, made: ReadonlyMap<string, BlindPicture>): void {
    this.held.delete(comparison);
    this.held.set(comparison, made);
    for (const old of [...this.held.keys()].slice(0, -COMPARISONS_MAX)) this.held.delete(old);
  }

  /** Throws `not-found` where they are not held any more. */
  get(comparison: string, crop: number, candidate: number): BlindPicture {
    const found = this.held.get(comparison)?.get(pictureKey(crop, candidate));
    if (found) return found;
    throw new FaultError(
      'not-found',
      'Expected pictures of a blind comparison that was begun or taken up lately; go on with it again.',
    );
  }

  forget(comparison: string): void {
    this.held.delete(comparison);
  }
}

export const pictureKey = (crop: number, candidate: number): string => `${crop} ${candidate}`;
