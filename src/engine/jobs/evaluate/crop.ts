import type { EvaluationCrop, MeasuredMethod, Params } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { wholeOf, type Rect } from '../../../shared/geometry';
import { detailedParts } from '../../kernels/detail';
import { measureLuma } from '../../kernels/metrics';
import { benchmarkPair } from '../../kernels/metrics/benchmarkPair';
import { lumaSamples } from '../../kernels/metrics/luma';
import { IDENTICAL_DB } from '../../kernels/metrics/psnr';
import type { Raster } from '../../kernels/raster';
import { cutOut } from '../../kernels/window';
import type { Catalogue } from '../../methods/catalogue';
import type { Client } from '../../schedule/client';
import type { Queue } from '../../schedule/queue';
import { CROP_SIDE, cropPixels } from '../cropPixels';
import { recover } from '../recover';
import type { LiveEvaluations } from './liveEvaluations';
import type { EvaluateFiles } from './originals';

/** The most detailed places of a picture, among which one is chosen: where nothing is, every method is right. */
const PLACES = 12;

export interface CropParts {
  readonly catalogue: Pick<Catalogue, 'get'>;
  readonly files: Pick<EvaluateFiles, 'readWhole'>;
  readonly queue: Queue;
  readonly live: LiveEvaluations;
}

type Asked = Params<'evaluate:crop'>;

/** The picture that a method did worst or best on, by PSNR-Y. */
export function extremeOf(images: MeasuredMethod['images'], which: Asked['which']): string {
  const sorted = [...images].sort((a, b) => a.psnrY - b.psnrY);
  return (which === 'worst' ? sorted[0] : sorted.at(-1))!.file;
}

/** Of the most detailed places of a picture the one where a result is furthest from it, or nearest. */
function extremePlace(original: Raster, result: Raster, which: Asked['which']): { at: Rect; psnrY: number } {
  const size = { width: Math.min(CROP_SIDE, original.width), height: Math.min(CROP_SIDE, original.height) };
  const places = detailedParts(lumaSamples(original, wholeOf(original)), size, PLACES).map((at) => {
    const part = (of: Raster): Raster => cutOut({ rect: wholeOf(of), pixels: of }, at);
    return { at, psnrY: measureLuma(part(original), part(result), { border: 0 }).psnrY ?? IDENTICAL_DB };
  });
  places.sort((a, b) => a.psnrY - b.psnrY);
  return (which === 'worst' ? places[0] : places.at(-1))!;
}

/** Makes one cell of an evaluation to be looked at: what the method made there is made again. */
export async function evaluationCrop(
  { catalogue, files, queue, live }: CropParts,
  { id, gone }: Client,
  { job, scale, method, which }: Asked,
): Promise<EvaluationCrop> {
  const evaluation = live.get(job);
  const { stored, originals } = evaluation;
  const cell = evaluation
    .reached()
    .scales.find((one) => one.scale === scale)
    ?.results.find((one) => one.method === method);
  if (!cell) {
    throw new FaultError(
      'not-found',
      `Expected a method that was measured at x${scale}, received ${method}.`,
    );
  }
  const file = extremeOf(cell.images, which);
  const original = originals.find((one) => one.file === file)!;
  const pair = benchmarkPair(await files.readWhole(original.path, gone, original.page), scale);
  if (!pair)
    throw new FaultError('photo-changed', `Expected ${file} as it was measured; measure again.`, { file });
  const { sum } = stored.methods.find((one) => one.id === method)!;
  const settings = { ...stored.options, device: stored.device, patient: true };
  const turns = { priority: 'job' as const, client: `evaluation ${id}`, signal: gone };
  const work = { signal: gone, turn: () => queue.turn(turns) };
  const { result } = await queue
    .besides(() => recover(catalogue.get(method, sum), pair.input, scale, settings, work))
    .finally(() => queue.forget(turns.client));
  const { at, psnrY } = extremePlace(pair.original, result, which);
  return {
    file,
    psnrY,
    x: at.x,
    y: at.y,
    width: at.width,
    height: at.height,
    original: cropPixels(pair.original, at, null),
    result: cropPixels(result, at, null),
  };
}
