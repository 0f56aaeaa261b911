import { basename } from 'node:path';
import type { Evaluation, JobOrder } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { outputSize, rect, wholeOf } from '../../shared/geometry';
import { planTiles } from '../../shared/tiles';
import { alphaOf, colourOf } from '../kernels/color/alpha';
import type { Method } from '../methods/method';
import type { Catalogue } from '../methods/catalogue';
import { photoOf } from '../photos/memoryPhoto';
import { measure, measureLuma } from '../kernels/metrics';
import type { Gauges } from '../metrics/gauges';
import type { Lpips } from '../metrics/lpips';
import { raster, type Raster } from '../kernels/raster';
import { imresize8 } from '../kernels/resample/imresize';
import { copyPart, cutOut } from '../kernels/window';
import type { Job } from './job';
import type { JobKind } from './kind';
import { makeTiles } from './tiles';

export interface EvaluateFiles {
  listImages(folder: string): Promise<string[]>;
  readWhole(path: string, signal: AbortSignal): Promise<Raster>;
}

export interface EvaluateParts {
  readonly catalogue: Catalogue;
  readonly files: EvaluateFiles;
  readonly gauges: Pick<Gauges, 'openLpips'>;
}

type Figures = Evaluation['results'][number]['mean'];

/** What stands for the infinite PSNR of a picture that came back exactly. */
const IDENTICAL_DB = 100;
/** LIIF measures DIV2K without the scale and six more pixels on each side. */
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

/** Pixels that a protocol leaves out on each side. */
const borderOf = ({ protocol, scale }: JobOrder<'evaluate'>): number =>
  protocol === 'y' ? scale : scale + RGB_EXTRA_BORDER;

/** What a method makes of the reduced original, at the original's size; a turn for each tile. */
async function recovered(
  method: Method,
  original: Raster,
  order: JobOrder<'evaluate'>,
  job: Job,
): Promise<Raster> {
  const { scale, options, device } = order;
  const photo = photoOf(imresize8(original, 1 / scale), 'reduced');
  const whole = wholeOf<'output'>(outputSize(photo.info, scale));
  const runSettings = { ...options, device, patient: true };
  const result = raster(whole.width, whole.height, photo.channels);
  await makeTiles(planTiles(whole, method.tileSide(scale)), job, async (output, _, endTurn, signal) => {
    const request = { photo, scale, output, runSettings, signal };
    const pixels = await method.enlarge(request, { to: 'raster' }).finally(endTurn);
    copyPart({ rect: output, pixels }, { rect: whole, pixels: result }, output);
  });
  return result;
}

/** The figures of a result by the order's protocol. */
async function figuresOf(
  original: Raster,
  result: Raster,
  order: JobOrder<'evaluate'>,
  job: Job,
  lpips: Lpips | undefined,
): Promise<Figures> {
  const border = borderOf(order);
  const distance = (await lpips?.distance(original, result, border, job)) ?? null;
  if (order.protocol === 'y') {
    const { psnrY, ssimY } = measureLuma(original, result, { border });
    return { psnrY: psnrY ?? IDENTICAL_DB, ssimY, lpips: distance };
  }
  const { psnrY, psnrRgb, ssimY, ssimRgb } = measure(original, result, { border, protocol: 'rgb' });
  return {
    psnrY: psnrY ?? IDENTICAL_DB,
    ssimY,
    lpips: distance,
    psnrRgb: psnrRgb ?? IDENTICAL_DB,
    ...(ssimRgb !== undefined && { ssimRgb }),
  };
}

function meanOf(all: readonly Figures[]): Figures {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const rgb = all.flatMap(({ psnrRgb }) => psnrRgb ?? []);
  const distances = all.flatMap(({ lpips }) => lpips ?? []);
  return {
    psnrY: mean(all.map(({ psnrY }) => psnrY)),
    ssimY: mean(all.map(({ ssimY }) => ssimY)),
    ...(rgb.length > 0 && { psnrRgb: mean(rgb) }),
    // A mean of only some of the pictures would be taken for the folder's.
    lpips: distances.length === all.length ? mean(distances) : null,
  };
}

/**
 * Every figure of this project: each original of a folder is cropped to a multiple of the scale, reduced
 * with MATLAB's bicubic, enlarged by each method, rounded to 8 bits and compared. Protocol `y` (the papers'
 * on the benchmark sets): PSNR and SSIM of BT.601 luma, grey scored as grey, without a border as wide as
 * the scale; `rgb` (LIIF's on DIV2K): PSNR of all colours too, without scale + 6 pixels. LPIPS is of the
 * same part of the pictures.
 */
export async function evaluate(
  order: JobOrder<'evaluate'>,
  job: Job,
  { catalogue, files, gauges }: EvaluateParts,
): Promise<Evaluation> {
  const { dataset, scale, protocol } = order;
  const methods = order.methods.map(({ id, sum }) => catalogue.get(id, sum));
  const paths = await files.listImages(dataset);
  const total = paths.length * methods.length;
  const images = new Map(methods.map((method) => [method, [] as Evaluation['results'][number]['images']]));
  const lpips = await gauges.openLpips();
  try {
    let done = 0;
    for (const path of paths) {
      const original = croppedTo(scale, await files.readWhole(path, job.signal), path);
      for (const method of methods) {
        job.progress('measure', done, total, `${method.id} ${basename(path)}`);
        const result = await recovered(method, original, order, job);
        const figures = await figuresOf(original, result, order, job, lpips);
        images.get(method)!.push({ file: basename(path), ...figures });
        done += 1;
      }
    }
  } finally {
    await lpips?.release();
  }
  job.progress('measure', total, total);
  return {
    dataset,
    scale,
    protocol,
    results: methods.map((method) => ({
      method: method.id,
      mean: meanOf(images.get(method)!),
      images: images.get(method)!,
    })),
  };
}

/** See `evaluate`; ends with its engine. */
export const evaluateKind = (parts: EvaluateParts): JobKind<'evaluate'> => ({
  begin: (order) =>
    Promise.resolve({ title: basename(order.dataset), run: (job) => evaluate(order, job, parts) }),
});
