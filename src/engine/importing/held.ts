import { SAMPLE_SIDE } from '../kernels/samples';
import type { Raster } from '../kernels/raster';
import { stacked } from '../kernels/stacked';
import type { MeansHalves } from '../onnx/globalMeans';
import type { Graph } from '../runtime/runtime';
import type { TestPicture } from './findForm';
import type { ModelForm } from './form';
import { measureReach, rasterOf, type Enlarging, type MeasuredReach } from './reach';
import { withGraph, type ExamineParts } from './tried';

type Run = Graph['run'];
type Values = Awaited<ReturnType<Run>>;

/** Numbers that may differ by rounding alone. */
const ROUNDING = 1e-3;

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(b));

/**
 * Whether samples can be run at once, each with means [1, C, 1, 1] of its own: a model that was written for one picture
 * may refuse several, or take them for one.
 */
async function tellsOfSeveral(
  telling: Run,
  names: readonly string[],
  samples: readonly [Raster, Raster],
  signal: AbortSignal,
): Promise<boolean> {
  const alone: Values[] = [];
  for (const sample of samples) alone.push(await telling({ input: stacked(sample) }));
  const both = await telling({ input: stacked(...samples) }).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
  if (!both) return false;
  return names.every((name) => {
    const { data, dims } = both.get(name)!;
    const [pictures, channels] = dims as [number, number];
    return (
      pictures === samples.length &&
      data.every((value, k) => isNear(value, alone[Math.floor(k / channels)]!.get(name)!.data[k % channels]!))
    );
  });
}

/** The model with the means of a whole picture, for its parts. */
const holdingMeans =
  (telling: Run, given: Run): Enlarging =>
  async (whole) => {
    const means = Object.fromEntries(await telling({ input: stacked(whole) }));
    return async (part) => rasterOf((await given({ ...means, input: stacked(part) })).get('output')!);
  };

const inverted = (picture: Raster): Raster => ({ ...picture, data: picture.data.map((value) => 1 - value) });

/**
 * How far a model looks beside the means that it takes over its whole picture; undefined where that is further than was
 * measured, and where the means cannot be taken of samples.
 * @param name of the file, for sentences.
 */
export const heldReach = (
  { names, telling, given }: MeansHalves,
  { scale, channels }: ModelForm,
  picture: TestPicture,
  name: string,
  parts: ExamineParts,
): Promise<MeasuredReach | undefined> =>
  withGraph(parts, telling, name, async (tell) => {
    const sample = picture(SAMPLE_SIDE, SAMPLE_SIDE, channels);
    if (!(await tellsOfSeveral(tell, names, [sample, inverted(sample)], parts.signal))) return undefined;
    return withGraph(parts, given, name, (run) =>
      measureReach(holdingMeans(tell, run), scale, channels, picture),
    );
  });
