import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Size } from '../../../shared/geometry';
import { scratchRoot } from '../scratch/scratchFolder';
import { describeSource } from './source';

/**
 * A photo's size, upright, from its header; what libvips does not know is decoded for it, by the module `decoders`.
 * Throws what `describeSource` throws.
 */
export async function sizeOfPhoto(path: string, name: string = path, decoders?: URL): Promise<Size> {
  const folder = await mkdtemp(join(scratchRoot(), 'enlarger-size-'));
  try {
    const { width, height } = (await describeSource(path, name, folder, { decoders })).info;
    return { width, height };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
