import { projectionNeeds } from '../kernels/consistency/projection';
import type { Finish, Finished, FinishKind } from '../pixels/finish';
import type { WithMap } from '../pixels/inventionMap';
import type { Pixels } from '../pixels/pixels';
import type { EnlargeRequest, Method } from './method';

/**
 * A method's enlargement, projected onto those that reduce to the photo again (consistency/projection.ts).
 * The method makes as much around the tile as its projection needs, so tiles join without seams. At scale 1
 * there is nothing to project.
 */
export async function enlargeConsistently<K extends FinishKind>(
  method: Pick<Method, 'enlarge'>,
  order: EnlargeRequest,
  finish: Finish<K>,
  pixels: Pixels,
): Promise<Finished[K]> {
  const { photo, scale, output, signal } = order;
  const runSettings = { ...order.runSettings, consistent: false };
  if (scale === 1) return method.enlarge({ ...order, runSettings }, finish);
  const needs = projectionNeeds(output, photo.info, scale);
  const enlarged = await method.enlarge({ ...order, runSettings, output: needs.enlarged }, { to: 'raster' });
  const source = { rect: needs.source, pixels: await photo.read(needs.source, { signal }) };
  const whole = { rect: needs.enlarged, pixels: enlarged };
  return pixels.project(whole, { source, photo: photo.info, scale, output }, finish);
}

/**
 * A tile of a method's enlargement together with the map of what was invented in it: the part that the photo
 * does not determine. At scale 1 nothing is.
 */
export async function enlargeWithMap<K extends FinishKind>(
  method: Pick<Method, 'enlarge'>,
  order: EnlargeRequest,
  finish: Finish<K>,
  pixels: Pixels,
): Promise<WithMap<K>> {
  const { photo, scale, output } = order;
  const needs = projectionNeeds(output, photo.info, scale);
  const enlarged = await method.enlarge({ ...order, output: needs.enlarged }, { to: 'raster' });
  const window = { rect: needs.enlarged, pixels: enlarged };
  return pixels.map(window, { source: needs.source, photo: photo.info, scale, output }, finish);
}
