import { basename } from 'node:path';
import type { JobOrder, Metrics, Page } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { comparePictures } from '../metrics/compare';
import type { Gauges } from '../metrics/gauges';
import type { OpenSimilarity } from '../metrics/similarity';
import { pictureOfPhoto } from '../metrics/picture';
import type { Photo } from '../photos/photo';
import type { Job } from './job';
import type { JobKind } from './kind';

export interface MetricsParts {
  readonly openPhoto: (path: string, signal: AbortSignal, page?: Page) => Promise<Photo>;
  readonly gauges: Pick<Gauges, 'openLpips' | 'openNatural'>;
  /** Absent: on the engine's own thread. */
  readonly openSimilarity?: OpenSimilarity | undefined;
}

/** The figures of a result beside its reference; both must have the same size. */
export async function compareFiles(
  { reference, result, border, protocol, page }: JobOrder<'metrics'>,
  job: Job,
  { openPhoto, gauges, openSimilarity }: MetricsParts,
): Promise<Metrics> {
  const wanted = await openPhoto(reference, job.signal, page);
  try {
    const found = await openPhoto(result, job.signal);
    try {
      const [a, b] = [wanted.info, found.info];
      if (a.width !== b.width || a.height !== b.height) {
        throw new FaultError(
          'size-mismatch',
          `Expected two pictures of one size; ${basename(reference)} has ${a.width} x ${a.height} pixels, ` +
            `${basename(result)} has ${b.width} x ${b.height}. Reduce or crop one of them to the other's size.`,
          { file: result },
        );
      }
      const { signal } = job;
      const pictures = [wanted, found].map((photo) => pictureOfPhoto(photo, signal));
      return await comparePictures(
        pictures[0]!,
        pictures[1]!,
        { border, protocol },
        {
          signal,
          turn: () => job.turn(),
          onTile: (done, total) => job.progress('measure', done, total),
        },
        gauges,
        openSimilarity,
      );
    } finally {
      await found.close();
    }
  } finally {
    await wanted.close();
  }
}

/** See `compareFiles`; ends with its engine. */
export const metricsKind = (parts: MetricsParts): JobKind<'metrics'> => ({
  begin: (order) =>
    Promise.resolve({ title: basename(order.result), run: (job) => compareFiles(order, job, parts) }),
});
