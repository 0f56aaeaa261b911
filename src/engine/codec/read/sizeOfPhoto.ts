import type { Size } from '../../../shared/geometry';
import { describeSource } from './source';

/** A photo's size as it is shown, by its header alone. Throws what `openPhoto` throws of a file that is no photo. */
export async function sizeOfPhoto(path: string, name: string = path): Promise<Size> {
  const { width, height } = (await describeSource(path, name)).info;
  return { width, height };
}
