import type { Photo } from '../photos/photo';

const numbers = new WeakMap<Photo, number>();
let photosSeen = 0;

/** Tells a photo that is open from every other one that was. */
export function photoKey(photo: Photo): string {
  const number = numbers.get(photo) ?? photosSeen++;
  numbers.set(photo, number);
  return String(number);
}
