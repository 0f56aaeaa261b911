import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { FORMATS } from '../../../shared/formats';
import { unreadable } from '../read/decodeFaults';
import { isOutOfMemory, outOfMemory } from '../fileFaults';
import type { ForeignFormat } from './decode';
import { inOwnThread, TaskEnded } from './thread';

/** A file of a foreign format as libvips reads it. */
export interface Translated {
  readonly path: string;
  readonly notes: readonly string[];
}

/**
 * Decodes a file into a .v file in `folder`. Throws `unsupported-format` for kinds that are not read, `too-large` and
 * `unreadable-image`, also where the decoder takes longer than such a file can need.
 */
export async function translate(
  { path, name, format }: { readonly path: string; readonly name: string; readonly format: ForeignFormat },
  folder: string,
  entry: URL | undefined,
  signal?: AbortSignal,
): Promise<Translated> {
  const into = join(folder, 'translated.v');
  const { size } = await stat(path);
  try {
    const task = { task: 'decode', format, from: path, into } as const;
    const answer = await inOwnThread(task, size / 1e6, entry, signal);
    if ('notes' in answer) return { path: into, notes: answer.notes };
    if ('failed' in answer) throw new Error(answer.failed);
    throw new FaultError(
      'unsupported-format',
      `Expected a picture that can be read in ${name}, found ${answer.notRead}, which Enlarger does not read; save it as TIFF, PNG or JPEG first.`,
      { file: name },
    );
  } catch (error) {
    if (error instanceof FaultError || signal?.aborted) throw error;
    if (isOutOfMemory(error)) throw outOfMemory(name, error);
    if (!(error instanceof TaskEnded)) throw unreadable(name, error);
    throw new FaultError(
      'unreadable-image',
      `Expected a whole ${FORMATS[format].name} picture in ${name}, found that its decoder ${error.message}; copy it again from where it came from, or save it as PNG.`,
      { file: name },
    );
  }
}
