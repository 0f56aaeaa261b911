import { basename } from 'node:path';
import type { Evaluation, Params } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { outputSize, rect, wholeOf } from '../../shared/geometry';
import { alphaOf, colourOf } from '../color/alpha';
import type { Method } from '../methods/method';
import type { Registry } from '../methods/registry';
import { photoOf } from '../memoryPhoto';
import { measure, measureLuma } from '../metrics';
import type { Raster } from '../raster';
import { imresize8 } from '../resample/imresize';
import { cutOut } from '../window';
import type { Job } from './job';

export interface EvaluateFiles {
  listImages(folder: string): Promise<string[]>;
  readWhole(path: string, signal: AbortSignal): Promise<Raster>;
}

export interface EvaluateParts {
  readonly registry: Registry;
  readonly files: EvaluateFiles;
}

type Figures = { psnrY: number; ssimY: number };

/** What stands for the infinite PSNR of a picture that came back exactly. */
const IDENTICAL_DB = 100;
/** LIIF measures without the scale and six more pixels on each side. */
const RGB_EXTRA_BORDER = 6;

/** The original without the rows and columns beyond a multiple of the scale; alpha is left out. */
function croppedTo(scale: number, original: Raster, file: string): Raster {
  const width = original.width - (original.width % scale);
  const height = original.height - (original.height % scale);
  if (width === 0 || height === 0) {
    throw new FaultError(
      'bad-scale',
      `Expected pictures of at least ${scale} x ${scale} pixels for x${scale}; ${basename(file)} has ` +
        `${original.width} x ${original.height}.`,
      { file },
    );
  }
  const colours = alphaOf(original) ? colourOf(original) : original;
  return cutOut({ rect: wholeOf(colours), pixels: colours }, rect(0, 0, width, height));
}

async function scoreOne(
  method: Method,
  original: Raster,
  order: Params<'job:evaluate'>,
  job: Job,
): Promise<Figures> {
  const { scale, protocol, options, device } = order;
  const reduced = photoOf(imresize8(original, 1 / scale), 'reduced');
  const output = wholeOf<'output'>(outputSize(reduced.info, scale));
  const manner = { ...options, device, patient: true };
  const end = await job.turn();
  let result: Raster;
  try {
    result = await method.enlarge(
      { photo: reduced, scale, output, manner, signal: job.signal },
      { to: 'raster' },
    );
  } finally {
    end();
  }
  if (protocol === 'y') {
    const { psnrY, ssimY } = measureLuma(original, result, { border: scale });
    return { psnrY: psnrY ?? IDENTICAL_DB, ssimY };
  }
  const { psnrRgb, ssimY } = measure(original, result, { border: scale + RGB_EXTRA_BORDER });
  return { psnrY: psnrRgb ?? IDENTICAL_DB, ssimY };
}

const meanOf = (all: readonly Figures[]): Figures => ({
  psnrY: all.reduce((sum, { psnrY }) => sum + psnrY, 0) / all.length,
  ssimY: all.reduce((sum, { ssimY }) => sum + ssimY, 0) / all.length,
});

/**
 * Every figure of this project: each original of a folder is cropped to a multiple of the scale, reduced
 * with MATLAB's bicubic, enlarged by each method, rounded to 8 bits and compared. Protocol `y`: PSNR and
 * SSIM of BT.601 luma without a border as wide as the scale, grey scored as grey (the papers'); `rgb`: PSNR
 * of all colours without scale + 6 pixels (LIIF's).
 */
export async function evaluate(
  order: Params<'job:evaluate'>,
  job: Job,
  { registry, files }: EvaluateParts,
): Promise<Evaluation> {
  const { dataset, scale, protocol } = order;
  const methods = order.methods.map((id) => registry.get(id));
  const paths = await files.listImages(dataset);
  const total = paths.length * methods.length;
  const images = new Map(methods.map((method) => [method, [] as Evaluation['results'][number]['images']]));
  let done = 0;
  for (const path of paths) {
    const original = croppedTo(scale, await files.readWhole(path, job.signal), path);
    for (const method of methods) {
      job.progress('measure', done, total, `${method.id} ${basename(path)}`);
      const figures = await scoreOne(method, original, order, job);
      images.get(method)!.push({ file: basename(path), ...figures });
      done += 1;
    }
  }
  job.progress('measure', total, total);
  return {
    ...{ dataset, scale, protocol },
    results: methods.map((method) => ({
      method: method.id,
      mean: meanOf(images.get(method)!),
      images: images.get(method)!,
    })),
  };
}
