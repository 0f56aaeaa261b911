import { basename } from 'node:path';
import type { JobOrder, Metrics } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { measure } from '../kernels/metrics';
import type { Turns } from '../metrics/lpips';
import type { EvaluateFiles, OpenLpips } from './evaluate';
import type { Job } from './job';
import type { JobKind } from './kind';

/** The figures of a result beside its reference; both must have the same size. LPIPS where it is installed. */
export async function compareFiles(
  { reference, result, border }: JobOrder<'metrics'>,
  job: Job,
  files: EvaluateFiles,
  openLpips: OpenLpips,
): Promise<Metrics> {
  job.progress('decode', 0, 2);
  const wanted = await files.readWhole(reference, job.signal);
  job.progress('decode', 1, 2);
  const found = await files.readWhole(result, job.signal);
  job.progress('decode', 2, 2);
  if (wanted.width !== found.width || wanted.height !== found.height) {
    throw new FaultError(
      'size-mismatch',
      `Expected two pictures of one size; ${basename(reference)} has ${wanted.width} x ${wanted.height} pixels, ` +
        `${basename(result)} has ${found.width} x ${found.height}. Reduce or crop one of them to the other's size.`,
      { file: result },
    );
  }
  job.signal.throwIfAborted();
  const figures = measure(wanted, found, { border });
  const network = await openLpips();
  const turns: Turns = {
    signal: job.signal,
    turn: () => job.turn(),
    onTile: (done, total) => job.progress('measure', done, total),
  };
  try {
    return { ...figures, lpips: (await network?.distance(wanted, found, border, turns)) ?? null };
  } finally {
    await network?.release();
  }
}

/** See `compareFiles`; ends with its engine. */
export const metricsKind = (files: EvaluateFiles, openLpips: OpenLpips): JobKind<'metrics'> => ({
  begin: (order) =>
    Promise.resolve({
      title: basename(order.result),
      run: (job) => compareFiles(order, job, files, openLpips),
    }),
});
