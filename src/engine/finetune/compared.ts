import { outputSize, wholeOf } from '../../shared/geometry';
import { planTiles, rowsFirst } from '../../shared/tiles';
import { measureLuma } from '../kernels/metrics';
import { raster, type Raster } from '../kernels/raster';
import { copyPart } from '../kernels/window';
import type { Method } from '../methods/method';
import type { Lpips } from '../metrics/lpips';
import { photoOf } from '../photos/memoryPhoto';
import type { Turns } from './measure';

/** An original and its reduction, to be enlarged again. */
export interface Exam {
  readonly original: Raster;
  readonly reduced: Raster;
  readonly scale: number;
}

export interface Figures {
  readonly psnrY: number;
  readonly lpips: number | null;
}

const IDENTICAL_DB = 100;

async function enlarged(method: Method, { reduced, scale }: Exam, turns: Turns): Promise<Raster> {
  const photo = photoOf(reduced, 'reduced');
  const whole = wholeOf<'output'>(outputSize(photo.info, scale));
  const result = raster(whole.width, whole.height, photo.channels);
  const runSettings = { ensemble: false, device: 'cpu', patient: true } as const;
  const { signal } = turns;
  for (const { core } of rowsFirst(planTiles(whole, method.tileSide(scale)))) {
    const end = await turns.turn();
    try {
      const pixels = await method.enlarge(
        { photo, scale, output: core, runSettings, signal },
        { to: 'raster' },
      );
      copyPart({ rect: core, pixels }, { rect: whole, pixels: result }, core);
    } finally {
      end();
    }
  }
  return result;
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * What a method makes of the exams, measured as `enlarger evaluate` measures: 8 bits, luma, a border as wide as the
 * scale left out; LPIPS where its network is given. Means over all exams.
 */
export async function figuresOf(
  method: Method,
  exams: readonly Exam[],
  lpips: Lpips | undefined,
  turns: Turns,
): Promise<Figures> {
  const luma: number[] = [];
  const distances: number[] = [];
  for (const exam of exams) {
    const result = await enlarged(method, exam, turns);
    luma.push(measureLuma(exam.original, result, { border: exam.scale }).psnrY ?? IDENTICAL_DB);
    const distance = await lpips?.distance(exam.original, result, exam.scale, turns);
    if (distance !== undefined && distance !== null) distances.push(distance);
  }
  return {
    psnrY: meanOf(luma),
    lpips: distances.length === exams.length ? meanOf(distances) : null,
  };
}
