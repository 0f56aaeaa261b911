import { open, stat } from 'node:fs/promises';
import { FaultError } from '../../../shared/faults';
import { errnoOf } from '../fileFaults';
import { INPUT_FORMATS, namesOf, type InputFormat } from '../../../shared/formats';
import { withReader } from '../containers/byteSource';
import { isRawTiff } from './rawTiff';
import { SNIFF_BYTES, sniff } from './sniff';

const READABLE = `a ${namesOf(INPUT_FORMATS, 'or')} picture`;

/**
 * Looks at a file before the decoder does: that it is there, is a file, has content, and which format it
 * is by its first bytes, and of TIFF and camera raw by its tags. `name` is what the user calls it, for the faults `not-found`, `not-a-file`,
 * `empty-file`, `unsupported-format`, `unreadable-image`.
 */
export async function inspectInput(path: string, name: string): Promise<InputFormat> {
  const head = await readHead(path, name);
  if (head.length === 0) {
    throw new FaultError('empty-file', `Expected ${READABLE} in ${name}, found an empty file (0 bytes).`, {
      file: name,
    });
  }
  const sniffed = sniff(head);
  switch (sniffed.kind) {
    case 'readable':
      return sniffed.format === 'tiff' && (await withReader(path, (read) => isRawTiff(read, path)))
        ? 'raw'
        : sniffed.format;
    case 'unsupported':
      throw new FaultError(
        'unsupported-format',
        `Expected ${READABLE} in ${name}, found ${sniffed.what}, which Enlarger does not read; save it as TIFF, PNG or JPEG first.`,
        { file: name },
      );
    case 'text':
    case 'unknown':
      throw new FaultError(
        'unreadable-image',
        `Expected ${READABLE} in ${name}, found ${sniffed.kind === 'text' ? 'text' : 'something that is no picture'}; choose another file.`,
        { file: name },
      );
  }
}

/** Throws `not-found` where a file that was there has been removed or moved meanwhile: it is not damaged. */
export async function expectStillThere(path: string, name: string): Promise<void> {
  const gone = await stat(path).then(
    () => false,
    (error: unknown) => errnoOf(error) === 'ENOENT',
  );
  if (!gone) return;
  throw new FaultError(
    'not-found',
    `Expected ${name} to stay while it is read, found that it was removed or moved meanwhile; open it again where it is now.`,
    { file: name },
  );
}

async function readHead(path: string, name: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new FaultError(
        'not-a-file',
        `Expected a picture at ${name}, found a folder; name a file in it.`,
        {
          file: name,
        },
      );
    }
    if (!found.isFile()) {
      throw new FaultError('not-a-file', `Expected a picture at ${name}, found something that is no file.`, {
        file: name,
      });
    }
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const code = errnoOf(error);
    const why =
      code === 'EACCES' || code === 'EPERM' ? 'a file that may not be read' : 'no file of that name';
    throw new FaultError('not-found', `Expected a picture at ${name}, found ${why}; check the name.`, {
      file: name,
      detail: String(error),
    });
  }
}
