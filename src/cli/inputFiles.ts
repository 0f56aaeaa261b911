import { statSync } from 'node:fs';
import { FaultError } from '../shared/faults';

/** What one file is on one machine, whatever its names: device and inode. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined; // nothing there, or nothing that we may look at
  }
}

/**
 * Throws where an output is one of the call's own photos, under that name or another (a symbolic link to its
 * folder, a hard link): no photo of a batch is overwritten by the enlargement of another.
 */
export function refuseInputs(output: string, inputs: readonly string[]): void {
  const identity = identityOf(output);
  const photo = identity && inputs.find((input) => identityOf(input) === identity);
  if (!photo) return;
  throw new FaultError(
    'output-exists',
    `Expected a file beside the photos, but ${output} is ${photo} itself, which is never overwritten; choose another name or folder.`,
    { file: output },
  );
}
