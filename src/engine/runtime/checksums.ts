import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FaultError } from '../../shared/faults';
import { sha256Of } from '../onnx/modelRef';

/** A file's bytes, where they add up to what the manifest says; else the fault `bad-model`. */
export async function readChecked(path: string, sha256: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: unknown) => unreadable(path, error));
  expectSum(path, sha256, sha256Of(bytes));
  return bytes;
}

/** SHA-256 of a file, in hexadecimal; never holds it whole. Throws what reading throws, and the abort of `signal`. */
export async function sumOfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, signal ? { signal } : {});
  return hash.digest('hex');
}

/** Throws `bad-model` where a file is not the one that the manifest describes. */
export async function expectFile(path: string, sha256: string): Promise<void> {
  const found = await sumOfFile(path).catch((error: unknown) => unreadable(path, error));
  expectSum(path, sha256, found);
}

function unreadable(path: string, error: unknown): never {
  throw new FaultError(
    'bad-model',
    `Expected the model file ${path}, but it could not be read; install Enlarger again, or restore the file.`,
    { file: basename(path), detail: String(error) },
  );
}

function expectSum(path: string, expected: string, found: string): void {
  if (found === expected) return;
  throw new FaultError(
    'bad-model',
    `Expected ${path} to be the file that its manifest describes (SHA-256 ${expected.slice(0, 12)}…), ` +
      `but it has ${found.slice(0, 12)}…; restore the file, or export the model again with its manifest.`,
    { file: basename(path), detail: `expected ${expected}, received ${found}` },
  );
}
