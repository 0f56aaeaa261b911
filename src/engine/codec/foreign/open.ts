import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { FORMATS } from '../../../shared/formats';
import { unreadable } from '../read/decodeFaults';
import { isOutOfMemory, outOfMemory } from '../fileFaults';
import type { ForeignFormat } from './decode';
import type { EmbeddedJpeg } from './raw';
import type { CodecAnswer, CodecTask } from './task';
import { inOwnThread, TaskEnded } from './thread';

/** A file of a foreign format as libvips reads it. */
export interface Translated {
  readonly path: string;
  readonly notes: readonly string[];
  /** Whether it is camera raw with a JPEG by the camera. */
  readonly embedded: boolean;
}

/** A file for a foreign decoder, and where it works. */
export interface ForeignFile {
  readonly path: string;
  /** What the user calls it. */
  readonly name: string;
  readonly format: ForeignFormat;
}

/** Where a decoder works: `entry`: the module that its thread runs; absent: this thread does. */
export interface Workplace {
  readonly folder: string;
  readonly entry: URL | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes a file into a .v file in the folder. Throws `unsupported-format` for kinds that are not read, `too-large` and
 * `unreadable-image`, also where the decoder takes longer than such a file can need.
 */
export async function translate(file: ForeignFile, place: Workplace): Promise<Translated> {
  const into = join(place.folder, 'translated.v');
  const task = { task: 'decode', format: file.format, from: file.path, into } as const;
  const answer = await answerTo(task, file, place);
  if (!('notes' in answer)) throw unreadable(file.name, new Error('the decoder gave no picture'));
  return { path: into, notes: answer.notes, embedded: answer.embedded };
}

/** The camera's JPEG of a raw file, taken out of it. */
export interface TakenOut extends Omit<EmbeddedJpeg, 'bytes'> {
  readonly path: string;
}

/**
 * Takes the JPEG that a camera embedded in its raw file out into the folder. Throws `bad-option` where there is none,
 * else as `translate`.
 */
export async function takeOutJpeg(file: ForeignFile, place: Workplace): Promise<TakenOut> {
  const into = join(place.folder, 'embedded.jpg');
  const answer = await answerTo({ task: 'embedded', from: file.path, into }, file, place);
  if ('jpeg' in answer && answer.jpeg) return { path: into, ...answer.jpeg };
  throw new FaultError(
    'bad-option',
    `Expected a JPEG by the camera in ${file.name}, found none; leave the page out to develop the raw photo.`,
    { file: file.name },
  );
}

type Done = Exclude<CodecAnswer, { readonly notRead: string } | { readonly failed: string }>;

async function answerTo(
  task: CodecTask,
  { path, name, format }: ForeignFile,
  { entry, signal }: Workplace,
): Promise<Done> {
  const { size } = await stat(path);
  try {
    const answer = await inOwnThread(task, size / 1e6, entry, signal);
    if ('failed' in answer) throw new Error(answer.failed);
    if (!('notRead' in answer)) return answer;
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
