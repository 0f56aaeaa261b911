import { basename } from 'node:path';
import { importModel, type ImportParts } from '../importing/importModel';
import type { Raster } from '../kernels/raster';
import type { JobKind } from './kind';

export interface ImportKindParts extends Pick<ImportParts, 'sessions' | 'catalogue'> {
  /** The project's sample, in colour. */
  readonly readSample: (signal: AbortSignal) => Promise<Raster>;
}

/** Takes a model over as a method; ends with its engine. */
export const importKind = ({ sessions, catalogue, readSample }: ImportKindParts): JobKind<'import'> => ({
  begin: ({ keep, ...words }) =>
    Promise.resolve({
      title: words.file ?? basename(words.path),
      async run(job) {
        job.progress('measure', 0, 1);
        const { signal } = job;
        const sample = await readSample(signal);
        const parts = { sessions, catalogue, signal, sample, turn: () => job.turn() };
        const { id, findings } = await importModel(words, keep, parts);
        job.progress('measure', 1, 1);
        return { id, kept: keep, findings };
      },
    }),
});
