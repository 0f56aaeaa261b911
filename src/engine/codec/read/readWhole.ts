import { FaultError } from '../../../shared/faults';
import { area, wholeOf } from '../../../shared/geometry';
import type { Raster } from '../../kernels/raster';
import { inWords } from '../fileFaults';
import { availableMemory } from '../memory';
import { openPhoto, type OpenOptions } from './open';

/**
 * A whole picture in memory, for measuring. Throws what `openPhoto` throws, and `too-large` where its
 * floats do not fit in the machine's memory.
 */
export async function readWhole(path: string, options: OpenOptions): Promise<Raster> {
  const photo = await openPhoto(path, options);
  try {
    const { info, channels } = photo;
    // The interleaved samples, the floats, and the floats once more where they are turned.
    const needed = area(info) * channels * (info.depth / 8 + 8);
    if (needed > availableMemory()) {
      const name = options.name ?? path;
      throw new FaultError(
        'too-large',
        `Expected a picture that fits in memory to measure it, found that ${name} (${info.width} x ${info.height}) needs ${inWords(needed)}; close other programs or cut it.`,
        { file: name },
      );
    }
    return await photo.read(wholeOf(info), options.signal ? { signal: options.signal } : {});
  } finally {
    await photo.close();
  }
}
