import { outputSize, wholeOf } from '../../shared/geometry';
import type { Raster } from '../kernels/raster';
import type { Method } from '../methods/method';
import { photoOf } from '../photos/memoryPhoto';
import type { RunSettings } from '../runtime/runSettings';
import { enlargeRaster } from './enlargeRaster';
import type { Job } from './job';

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
  const output = wholeOf<'output'>(outputSize(photo.info, scale));
  let peak = 0;
  let start: number | undefined;
  const result = await enlargeRaster(method, { photo, scale, output, runSettings }, job, {
    onTurn: () => (start ??= performance.now()),
    onTile: () => (peak = Math.max(peak, process.memoryUsage.rss())),
  });
  const seconds = start === undefined ? 0 : (performance.now() - start) / 1e3;
  return { result, seconds, peakMiB: peak / 2 ** 20 };
}
