import { tmpdir } from 'node:os';
import { FaultError } from '../../../shared/faults';
import { makeFolders } from '../../state/folders';
import {
  makePrivateFolder,
  sweepPrivateFolders,
  type PrivateFolder,
} from '../../../privateFolders/privateFolder';
import { errnoOf } from '../fileFaults';

/** Where pixels are kept while working: ENLARGER_SCRATCH, or the system's temporary folder. */
export function scratchRoot(): string {
  const { ENLARGER_SCRATCH: named = '' } = process.env;
  return named === '' ? tmpdir() : named;
}

/**
 * Makes a private folder for pixels under `root`, gone when closed and when the process ends, and removes those
 * that dead processes left there, and where doors keep what pages send. Throws `output-unwritable` where `root`
 * cannot be written.
 */
export async function openScratchFolder(root: string = scratchRoot()): Promise<PrivateFolder> {
  try {
    await makeFolders(root);
    const folder = await makePrivateFolder(root);
    for (const place of new Set([root, tmpdir()])) await sweepPrivateFolders(place);
    return folder;
  } catch (error) {
    throw new FaultError(
      'output-unwritable',
      `Expected a folder for temporary pixels that can be written, found that ${root} cannot (${errnoOf(error)}); set ENLARGER_SCRATCH to another folder.`,
      { file: root },
    );
  }
}
