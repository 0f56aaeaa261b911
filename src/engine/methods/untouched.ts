import type { Rect } from '../../shared/geometry';
import type { Finish, Finished, FinishKind } from '../pixels/finish';
import type { Pixels } from '../pixels/pixels';
import type { EnlargeRequest } from './method';

/** Scale 1: the photo's own pixels. */
export async function untouched<K extends FinishKind>(
  { photo, scale, output, signal }: EnlargeRequest,
  finish: Finish<K>,
  pixels: Pixels,
): Promise<Finished[K]> {
  const own: Rect<'source'> = { ...output, space: 'source' };
  const source = { rect: own, pixels: await photo.read(own, { signal }) };
  return pixels.interpolate({ source, photo: photo.info, scale, output }, 'nearest', finish);
}
