import type { MethodOptions } from '../../../shared/contract';
import { makerKey } from '../../../shared/enlargement';
import { wholeOf, type Rect } from '../../../shared/geometry';
import { measureLuma } from '../../kernels/metrics';
import type { Raster } from '../../kernels/raster';
import { neededSource, resample } from '../../kernels/resample/resample';
import { cutOut } from '../../kernels/window';
import type { Method } from '../../methods/method';
import type { Lpips } from '../../metrics/lpips';
import type { RunSettings } from '../../runtime/runSettings';
import type { Agreement, Fidelity } from '../../sheets/figures';
import { ByteCache } from '../../state/byteCache';
import { enlargeRaster } from '../enlargeRaster';
import type { Job } from '../job';
import type { Posed } from './subject';

/** A method as a sheet turns it. */
export interface Turned {
  readonly method: Method;
  readonly options: MethodOptions;
}

/** Between tiles the job may be stopped and others have their turn. */
export type SheetRun = Pick<Job, 'signal' | 'turn'> & {
  readonly device: RunSettings['device'];
};

interface Kept {
  readonly pixels: Raster;
  readonly devices: readonly string[];
}

const CACHE_BYTES = 96 << 20;

/** What methods made for sheets, so that another layout, or another crop, does not make all of it again. */
export class Enlarged {
  private readonly crops = new ByteCache<Kept>(CACHE_BYTES, ({ pixels }) => pixels.data.byteLength + 256);
  private readonly figures = new ByteCache<{ figures: Fidelity; devices: readonly string[] }>(
    1 << 20,
    () => 256,
  );

  /** Figures of the whole photo, where they are known already. */
  knownFigures(of: string, posed: Posed, turned: Turned, run: SheetRun): Fidelity | undefined {
    return this.figures.get(keyOf(of, posed, turned, run))?.figures;
  }

  /** The pixels `output` of an enlargement. `of`: the `subjectKey`. */
  async part(of: string, posed: Posed, turned: Turned, output: Rect<'output'>, run: SheetRun): Promise<Kept> {
    const key = `${keyOf(of, posed, turned, run)} ${partKey(output)}`;
    const known = this.crops.get(key);
    if (known) return known;
    const result = await enlargePart(posed, turned, output, run);
    this.crops.put(key, result);
    return result;
  }

  /** The whole enlargement measured; the `parts` of it are kept, as `part` would make them. */
  async measured(
    of: string,
    posed: Posed & { readonly truth: Raster },
    turned: Turned,
    parts: readonly Rect<'output'>[],
    run: SheetRun,
    lpips: Lpips | undefined,
  ): Promise<{ readonly figures: Fidelity; readonly devices: readonly string[] }> {
    const key = keyOf(of, posed, turned, run);
    const known = this.figures.get(key);
    if (known) return known;
    const whole = wholeOf<'output'>(posed.size);
    const { pixels, devices } = await enlargePart(posed, turned, whole, run);
    const border = borderOf(posed.scale);
    const { psnrY, ssimY } = measureLuma(posed.truth, pixels, { border });
    const distance = await lpips?.distance(posed.truth, pixels, border, run);
    for (const part of parts) {
      const crop = cutOut({ rect: whole, pixels }, part);
      this.crops.put(`${key} ${partKey(part)}`, { pixels: crop, devices });
    }
    const measured = { figures: { psnrY, ssimY, lpips: distance ?? null }, devices };
    this.figures.put(key, measured);
    return measured;
  }
}

/** Pixels that figures of a whole photo leave out on each side: the scale, as "enlarger metrics --scale" does. */
export const borderOf = (scale: number): number => Math.ceil(scale);

const partKey = ({ x, y, width, height }: Rect): string => [x, y, width, height].join(',');

const keyOf = (of: string, { scale }: Posed, { method, options }: Turned, { device }: SheetRun): string =>
  `${of} ${scale} ${makerKey({ method: { id: method.id, sum: method.card.sum }, options })} ${device}`;

async function enlargePart(
  { given, scale }: Posed,
  { method, options }: Turned,
  output: Rect<'output'>,
  run: SheetRun,
): Promise<Kept> {
  const devices = new Set<string>();
  const runSettings: RunSettings = {
    ...options,
    device: run.device,
    patient: true,
    onDevice: (device) => devices.add(device),
  };
  const pixels = await enlargeRaster(method, { photo: given, scale, output, runSettings }, run);
  return { pixels, devices: [...devices].sort() };
}

/** What a crop is worth: all of it is measured. */
export function cropFidelity(truth: Raster, crop: Raster): Fidelity {
  const { psnrY, ssimY } = measureLuma(truth, crop, { border: 0 });
  return { psnrY, ssimY, lpips: null };
}

/**
 * How near an enlargement, reduced again by the antialiased bicubic, is to the photo in a region: PSNR of luma,
 * rounded to 8 bits, in dB. The method makes as much around the region as the reduction needs.
 */
export async function agreement(
  enlarged: Enlarged,
  of: string,
  posed: Posed,
  turned: Turned,
  region: Rect<'source'>,
  run: SheetRun,
): Promise<Agreement> {
  const { given, size } = posed;
  // One factor for each axis: the enlargement's size is rounded to whole pixels.
  const scale = { x: given.info.width / size.width, y: given.info.height / size.height };
  const wanted = region as Rect as Rect<'output'>;
  const needed = neededSource(wanted, scale, 'bicubic', size);
  const { pixels } = await enlarged.part(of, posed, turned, needed as Rect as Rect<'output'>, run);
  const reduced = resample(pixels, needed, size, scale, wanted, 'bicubic');
  const photo = await given.read(region, { signal: run.signal });
  return { consistency: measureLuma(photo, reduced, { border: 0 }).psnrY };
}
