import { planTiles } from '../../shared/tiles';
import { raster, type Raster } from '../kernels/raster';
import { copyPart } from '../kernels/window';
import type { EnlargeRequest, Method } from '../methods/method';
import type { Job } from './job';
import { makeTiles } from './tiles';

/** What is told of each tile: when its turn comes, and when it is computed. */
export interface TileWatch {
  readonly onTurn?: () => void;
  readonly onTile?: () => void;
}

/** The pixels `output` of an enlargement in memory; a turn for each tile. */
export async function enlargeRaster(
  method: Method,
  request: Omit<EnlargeRequest, 'signal'>,
  job: Pick<Job, 'signal' | 'turn'>,
  { onTurn, onTile }: TileWatch = {},
): Promise<Raster> {
  const { output: whole, scale, photo } = request;
  const result = raster(whole.width, whole.height, photo.channels);
  const plan = planTiles(whole, method.tileSide(scale), method.longestTile?.(scale));
  await makeTiles(plan, job, async (output, _, endTurn, signal) => {
    onTurn?.();
    const pixels = await method
      .enlarge({ ...request, output, signal, once: true }, { to: 'raster' })
      .finally(endTurn);
    onTile?.();
    copyPart({ rect: output, pixels }, { rect: whole, pixels: result }, output);
  });
  return result;
}
