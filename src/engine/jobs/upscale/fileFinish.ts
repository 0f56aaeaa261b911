import type { UpscaleOrder } from '../../../shared/contract';
import type { FilePhoto } from '../../codec/read/open';
import type { Finish } from '../../pixels/finish';
import type { UpscaleParts } from './parts';

/** How tiles become the samples of a file: in its depth, and in sRGB where it has no profile. */
export async function fileFinish(
  { encoding: { strip } }: Pick<UpscaleOrder, 'encoding'>,
  photo: FilePhoto,
  depth: 8 | 16,
  { tableFor }: Pick<UpscaleParts, 'tableFor'>,
): Promise<Finish<'bytes' | 'words'>> {
  const table = strip?.includes('profile') ? await tableFor(photo, 'srgb') : null;
  return { to: depth === 16 ? 'words' : 'bytes', table };
}
