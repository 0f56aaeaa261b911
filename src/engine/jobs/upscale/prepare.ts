import type { UpscaleOrder } from '../../../shared/contract';
import type { Rect } from '../../../shared/geometry';
import { planTiles, type TilePlan } from '../../../shared/tiles';
import { enlargedMetadata } from '../../codec/metadata/enlarged';
import type { PhotoMetadata } from '../../codec/metadata/metadata';
import type { FilePhoto } from '../../codec/read/open';
import type { PixelLayout } from '../../codec/scratch/layout';
import type { EncodingPlan } from '../../codec/write/plan';
import type { Method } from '../../methods/method';
import { outputOf } from './order';
import { isPlaced, onStaging } from './outputs';
import { orderedPart } from './part';
import type { UpscaleParts, UpscaleRun } from './parts';

/** What is settled before the first tile. */
export interface Prepared {
  readonly photo: FilePhoto;
  /** As the file will have it. */
  readonly metadata: PhotoMetadata;
  readonly method: Method;
  readonly part: Rect<'output'>;
  readonly tiles: TilePlan<'output'>;
  readonly layout: PixelLayout;
  readonly encoding: EncodingPlan;
}

/** What an order means for a photo: its pixels, what goes with them, and how they are encoded. */
export function settle(
  { enlargement, encoding }: Pick<UpscaleOrder, 'enlargement' | 'encoding'>,
  { channels, info, metadata: carried }: Pick<FilePhoto, 'channels' | 'info' | 'metadata'>,
  method: Pick<Method, 'card'>,
  { files, version }: Pick<UpscaleParts, 'files' | 'version'>,
): Pick<Prepared, 'part' | 'metadata' | 'encoding'> {
  const { region, scale } = enlargement;
  const part = orderedPart(region, info, scale);
  const provenance = { version, method: method.card.id, scale };
  const metadata = enlargedMetadata(carried, { part, provenance, encoding });
  const { depth, profile } = info;
  const profiled = profile !== null;
  const plan = files.planEncoding(encoding, { channels, depth, metadata, profiled }, part);
  return { part, metadata, encoding: plan };
}

/** Everything that can be known before any work is checked here. */
export async function prepare(
  { parts, stored, reached, job }: UpscaleRun,
  photo: FilePhoto,
  method: Method,
): Promise<Prepared> {
  const { files } = parts;
  const { order } = stored;
  const { scale } = order.enlargement;
  const { part, metadata, encoding } = settle(order, photo, method, parts);
  const { path, invented, overwrite } = outputOf(stored);
  for (const target of invented === undefined ? [path] : [path, invented]) {
    if (!(await isPlaced(reached, target)))
      await files.expectPlace(target, overwrite, photo.path, onStaging(job));
  }
  const { width, height } = part;
  const layout: PixelLayout = { width, height, channels: photo.channels, depth: encoding.depth };
  if (!reached.plan) await files.expectRoom(path, order.encoding.format, layout, photo.scratchFolder);
  // An earlier run's tiles go on, whatever this engine would choose.
  const tiles = reached.plan
    ? { area: part, columns: reached.plan.columns, rows: reached.plan.rows }
    : planTiles(part, method.tileSide(scale), method.longestTile?.(scale));
  return { photo, metadata, method, part, tiles, layout, encoding };
}
