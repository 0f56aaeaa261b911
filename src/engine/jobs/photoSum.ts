import type { FilePhoto } from '../codec/read/open';
import { sumOfFile } from '../runtime/checksums';
import { unlessAborted } from '../schedule/unlessAborted';

const sums = new WeakMap<FilePhoto, Promise<string>>();

/** SHA-256 of an open photo's file, summed up once; others may wait for it too, so it goes on where one gives up. */
export async function sumOfPhoto(photo: FilePhoto, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  let sum = sums.get(photo);
  if (!sum) {
    sum = sumOfFile(photo.path);
    sums.set(photo, sum);
    sum.catch(() => sums.delete(photo));
  }
  return unlessAborted(sum, signal);
}
