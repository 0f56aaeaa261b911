import { outputSize, wholeOf } from '../../shared/geometry';
import { planTiles } from '../../shared/tiles';
import { raster, type Raster } from '../kernels/raster';
import { copyPart } from '../kernels/window';
import type { Method } from '../methods/method';
import { photoOf } from '../photos/memoryPhoto';
import type { RunSettings } from '../runtime/runSettings';
import type { Job } from './job';
import { makeTiles } from './tiles';

/** What a method made of an input, and what that took. */
export interface Recovered {
  readonly result: Raster;
  /** From the first tile's turn to the last tile. */
  readonly seconds: number;
  /** The most that the process held, in MiB. */
  readonly peakMiB: number;
}

/** What a method makes of a whole input in memory, alpha left out; a turn for each tile. */
export async function recover(
  method: Method,
  input: Raster,
  scale: number,
  runSettings: RunSettings,
  job: Pick<Job, 'signal' | 'turn'>,
): Promise<Recovered> {
  const photo = photoOf(input, 'reduced');
  const whole = wholeOf<'output'>(outputSize(photo.info, scale));
  const result = raster(whole.width, whole.height, photo.channels);
  let peak = 0;
  let start: number | undefined;
  await makeTiles(planTiles(whole, method.tileSide(scale)), job, async (output, _, endTurn, signal) => {
    start ??= performance.now();
    const request = { photo, scale, output, runSettings, signal };
    const pixels = await method.enlarge(request, { to: 'raster' }).finally(endTurn);
    peak = Math.max(peak, process.memoryUsage.rss());
    copyPart({ rect: output, pixels }, { rect: whole, pixels: result }, output);
  });
  const seconds = start === undefined ? 0 : (performance.now() - start) / 1e3;
  return { result, seconds, peakMiB: peak / 2 ** 20 };
}
