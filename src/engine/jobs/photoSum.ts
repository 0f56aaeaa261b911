import { createHash } from 'node:crypto';
import type { FilePhoto } from '../codec/read/open';
import { sumOfFile } from '../runtime/checksums';
import { unlessAborted } from '../schedule/unlessAborted';

const sums = new WeakMap<FilePhoto, Promise<string>>();

/** A photo's own sum: what is known of a file is not known of each of its pages. */
async function sumOf({ path, page }: FilePhoto): Promise<string> {
  const sum = await sumOfFile(path);
  return page === 1 ? sum : createHash('sha256').update(`${sum} ${page}`).digest('hex');
}

/**
 * SHA-256 of an open photo's file; of another page than the first, of that sum in hexadecimal digits, a space and the
 * page. Summed up once; others may wait for it too, so it goes on where one gives up.
 */
export async function sumOfPhoto(photo: FilePhoto, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  let sum = sums.get(photo);
  if (!sum) {
    sum = sumOf(photo);
    sums.set(photo, sum);
    sum.catch(() => sums.delete(photo));
  }
  return unlessAborted(sum, signal);
}
