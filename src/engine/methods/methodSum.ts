import { createHash } from 'node:crypto';
import type { Manifest } from '../../shared/manifest';

interface SummedFile {
  readonly file: string;
  readonly sha256: string;
}

/** Every file that a manifest names, wherever in it. */
export function filesOf({ files, implicit }: Manifest): SummedFile[] {
  const named: readonly (SummedFile | undefined)[] = [
    ...files.flatMap((file) => [file, file.body, file.blend]),
    ...(implicit?.source ?? []),
    implicit?.decoder,
    implicit?.decoder.onCpu,
    implicit?.decoder.basis,
    implicit?.prior,
  ];
  return named.filter((file) => file !== undefined);
}

/**
 * One sum of all files of a method: SHA-256 over the lines `name sha256` in the order of the names, its first
 * 16 hexadecimal digits. Equal for two states of a method exactly when all their files are.
 */
export function methodSum(manifest: Manifest): string {
  const lines = filesOf(manifest).map(({ file, sha256 }) => `${file} ${sha256}\n`);
  return createHash('sha256')
    .update([...new Set(lines)].sort().join(''))
    .digest('hex')
    .slice(0, 16);
}
