import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '../../../shared/contract';
import type { Size } from '../../../shared/geometry';
import { scratchRoot } from '../scratch/scratchFolder';
import { describeSource } from './source';

/**
 * A photo's size, upright, from its header; what libvips does not know is decoded for it, by the module `decoders`.
 * Throws what `describeSource` throws.
 */
export async function sizeOfPhoto(
  path: string,
  {
    name = path,
    page,
    decoders,
  }: { readonly name?: string; readonly page?: Page | undefined; readonly decoders?: URL | undefined } = {},
): Promise<Size> {
  const folder = await mkdtemp(join(scratchRoot(), 'enlarger-size-'));
  try {
    const { width, height } = (await describeSource(path, name, folder, { decoders, page })).info;
    return { width, height };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
