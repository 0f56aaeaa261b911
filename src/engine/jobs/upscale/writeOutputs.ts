import { resolve } from 'node:path';
import type { EnlargedGainMap } from '../../codec/metadata/gainMap';
import type { PhotoMetadata } from '../../codec/metadata/metadata';
import type { Canvas } from './canvas';
import type { UpscaleMark } from './marks';
import { outputOf } from './order';
import { isPlaced, onStaging } from './outputs';
import type { UpscaleRun } from './parts';
import type { Prepared } from './prepare';
import { sourcePath } from './source';

const NO_MAP =
  'The gain map (high dynamic range) of the photo cannot be read and was left out; nothing points to it any more.';

/** What is written around the pixels, with the photo's gain map where it has one and it can be read. */
async function withGainMap(
  { parts, stored, job }: UpscaleRun,
  { photo, metadata, part, encoding: { gainMap: map } }: Prepared,
): Promise<{ told: PhotoMetadata; gainMap?: EnlargedGainMap; notes: string[] }> {
  const { gainMapSegment, ...told } = metadata;
  if (!map) return { told, notes: [] };
  const { scale } = stored.order.enlargement;
  const enlarged = { photo: photo.info, scale, part };
  const gainMap = await parts.files.writeGainMap(map, enlarged, photo.scratchFolder, job.signal);
  if (!gainMap) return { told, notes: [NO_MAP] };
  return { told: { ...told, ...(gainMapSegment && { gainMapSegment }) }, gainMap, notes: [] };
}

/** Writes the files that are not in place yet; sentences about what their formats could not keep. */
export async function writeOutputs(run: UpscaleRun, canvas: Canvas, prepared: Prepared): Promise<string[]> {
  const { parts, stored, reached, job } = run;
  const { encoding } = stored.order;
  const { path, invented, overwrite } = outputOf(stored);
  const mark = (one: UpscaleMark): Promise<void> => job.mark(one);
  const placing = (target: string) => ({
    overwrite,
    // Not where the photo was opened: what a page sent may be gone from there.
    source: sourcePath(stored),
    signal: job.signal,
    onStaging: onStaging(job),
    onPlacing: (file: Extract<UpscaleMark, { mark: 'placing' }>['file']) =>
      mark({ mark: 'placing', target: resolve(target), file }),
  });
  const { encodePhoto } = parts.files;
  const notes: string[] = [];
  job.progress('encode', 0, 100);
  if (!(await isPlaced(reached, path))) {
    const { told, gainMap, notes: found } = await withGainMap(run, prepared);
    const encoded = await encodePhoto(canvas.picture, told, encoding, path, {
      ...placing(path),
      ...(gainMap && { gainMap }),
      onProgress: (fraction) => job.progress('encode', Math.round(fraction * 100), 100),
    });
    notes.push(...found, ...encoded.notes);
  }
  if (canvas.map && invented !== undefined && !(await isPlaced(reached, invented))) {
    const plain = { density: prepared.metadata.density };
    await encodePhoto(canvas.map, plain, { format: 'png' }, invented, placing(invented));
  }
  return notes;
}
