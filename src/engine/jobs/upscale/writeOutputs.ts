import { resolve } from 'node:path';
import type { Canvas } from './canvas';
import type { UpscaleMark } from './marks';
import { outputOf } from './order';
import { isPlaced, onStaging } from './outputs';
import type { UpscaleRun } from './parts';
import type { Prepared } from './prepare';

/** Writes the files that are not in place yet; sentences about what their formats could not keep. */
export async function writeOutputs(
  { parts, stored, reached, job }: UpscaleRun,
  canvas: Canvas,
  { photo, metadata }: Prepared,
): Promise<string[]> {
  const { encoding } = stored.order;
  const { path, invented, overwrite } = outputOf(stored);
  const mark = (one: UpscaleMark): Promise<void> => job.mark(one);
  const placing = (target: string) => ({
    overwrite,
    source: photo.path,
    signal: job.signal,
    onStaging: onStaging(job),
    onPlacing: (file: Extract<UpscaleMark, { mark: 'placing' }>['file']) =>
      mark({ mark: 'placing', target: resolve(target), file }),
  });
  const { encodePhoto } = parts.files;
  const notes: string[] = [];
  job.progress('encode', 0, 100);
  if (!(await isPlaced(reached, path))) {
    const encoded = await encodePhoto(canvas.picture, metadata, encoding, path, {
      ...placing(path),
      onProgress: (fraction) => job.progress('encode', Math.round(fraction * 100), 100),
    });
    notes.push(...encoded.notes);
  }
  if (canvas.map && invented !== undefined && !(await isPlaced(reached, invented))) {
    const plain = { density: metadata.density };
    await encodePhoto(canvas.map, plain, { format: 'png' }, invented, placing(invented));
  }
  return notes;
}
