import { rm, writeFile } from 'node:fs/promises';
import { unwritable } from '../fileFaults';
import { expectPlace, openStaging, place } from './place';

/** Where bytes go that are no photo: the sheet's own place, or one beside it. */
export interface BytesPlace {
  readonly overwrite: boolean;
  /** Files that are never overwritten. */
  readonly sources: readonly string[];
}

/** The path to write, as `expectPlace` finds it before any work, seen from all the sources. */
export async function expectBytesPlace(target: string, { overwrite, sources }: BytesPlace): Promise<string> {
  let path = await expectPlace(target, overwrite);
  for (const source of sources) path = await expectPlace(target, overwrite, source);
  return path;
}

/** Writes a whole file, or leaves everything as it was; throws what `expectPlace` and `place` throw. */
export async function placeBytes(bytes: Uint8Array, target: string, where: BytesPlace): Promise<void> {
  const path = await expectBytesPlace(target, where);
  const staging = await openStaging(path);
  try {
    await writeFile(staging.file, bytes).catch((error: unknown) => {
      throw unwritable(target, error);
    });
    await place(staging.file, path, where.overwrite);
  } finally {
    await rm(staging.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
