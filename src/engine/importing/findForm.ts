import type { Size } from '../../shared/geometry';
import { raster, type Raster } from '../kernels/raster';
import type { OnnxValue } from '../onnx/graph';
import type { Numbers } from '../onnx/staticGraphOf';
import { refusal, type Ends } from './ends';
import { fed, RANGES, readBack, type ModelForm, type RangeName } from './form';

/** Runs the model as `endsOf` left it; rejects where it cannot. */
export type RunModel = (input: Numbers) => Promise<Numbers>;

/** A part of a detailed picture, of any size asked for, and of one channel or three. */
export type TestPicture = (width: number, height: number, channels: 1 | 3) => Raster;

export interface FoundForm {
  readonly form: ModelForm;
  /** How near the reduced result is to what went in, in dB: a model that works is above 20. */
  readonly consistencyDb: number;
  /** Whether the order of colours could be told at all: a model without colour of its own gives both alike. */
  readonly orderIsCertain: boolean;
}

/** Multiples that windows, strides and pixel shuffles ask for. */
const MULTIPLES = [1, 2, 4, 7, 8, 16, 24, 32, 64] as const;
const LARGEST_SCALE = 16;
/** What went in must come back, about. */
const LEAST_DB = 18;
/** What is less usual is believed only where it is clearly nearer. */
const CLEARLY_LESS = 0.8;

/** A form that was tried, and how far its result was from what went in: the usual ones first. */
interface Tried {
  readonly range: RangeName;
  readonly order: ModelForm['order'];
  readonly error: number;
}

type Arrangement = Pick<ModelForm, 'channels' | 'layout'>;

/** How the declared shape can be read, the likeliest first. */
function arrangementsOf({ dims }: OnnxValue): Arrangement[] {
  const all: Arrangement[] = [
    { channels: 3, layout: 'NCHW' },
    { channels: 1, layout: 'NCHW' },
    { channels: 3, layout: 'NHWC' },
    { channels: 1, layout: 'NHWC' },
  ];
  return all.filter(({ channels, layout }) => {
    const declared = dims[layout === 'NCHW' ? 1 : 3];
    return typeof declared !== 'number' || declared === channels;
  });
}

/** Two sizes whose sides are odd multiples of m: what runs at one size only was exported for that. */
function sizesFor(m: number): [Size, Size] {
  const odd = (least: number): number => {
    const count = Math.ceil(least / m);
    return (count % 2 === 0 ? count + 1 : count) * m;
  };
  const [width, height] = [odd(45), odd(33)];
  return [
    { width, height },
    { width: width + 2 * m, height },
  ];
}

/** The scale of a result; undefined where it is no whole one. */
function scaleOf(input: Raster, output: Raster | undefined): number | undefined {
  if (!output || output.channels !== input.channels) return undefined;
  const scale = output.width / input.width;
  const isWhole = Number.isInteger(scale) && scale >= 1 && scale <= LARGEST_SCALE;
  return isWhole && output.height === input.height * scale ? scale : undefined;
}

/** The mean of each square of `scale` pixels, for comparing with what went in. */
function reduced({ width, height, channels, data }: Raster, scale: number): Raster {
  const small = raster(width / scale, height / scale, channels);
  for (let k = 0; k < data.length; k++) {
    const [x, row] = [k % width, Math.floor(k / width)];
    const y = row % height;
    const c = Math.floor(row / height);
    small.data[(c * small.height + Math.floor(y / scale)) * small.width + Math.floor(x / scale)]! +=
      data[k]! / scale ** 2;
  }
  return small;
}

function meanSquare(a: Raster, b: Raster): number {
  let sum = 0;
  for (let k = 0; k < a.data.length; k++) sum += (a.data[k]! - b.data[k]!) ** 2;
  return Number.isFinite(sum) ? sum / a.data.length : Infinity;
}

type Sized = Arrangement & Pick<ModelForm, 'multiple' | 'only' | 'scale'>;

/** Least sides of a model's only size: a tile of it must hold a core and what is around that. */
const LEAST_SIDE = 48;

/** The size that a model was declared for, if it was for one. */
function declaredSize({ dims }: OnnxValue, layout: ModelForm['layout']): Size | undefined {
  const [height, width] = layout === 'NCHW' ? [dims[2], dims[3]] : [dims[1], dims[2]];
  return typeof height === 'number' && typeof width === 'number' ? { width, height } : undefined;
}

/** A size to try a model at that runs at any of that multiple, or at one. */
const sizeToTry = ({ multiple, only }: Sized): Size => only ?? sizesFor(multiple)[0];

/**
 * The first arrangement and multiple with which the model runs and gives a picture of a whole scale; where it runs at
 * no other size, the one that it was declared for.
 */
async function findSize(
  { input, takesBytes }: Ends,
  run: RunModel,
  picture: TestPicture,
  name: string,
): Promise<Sized> {
  const range: RangeName = takesBytes ? '0..255' : '0..1';
  let shapeFault = 'it does not run on a picture of any size that was tried';
  const tried = async ({ channels, layout }: Arrangement, size: Size): Promise<number | undefined> => {
    const asked = picture(size.width, size.height, channels);
    const shape = { layout, range, order: 'RGB', takesBytes } as const;
    const input = fed(asked, shape);
    const given = await run(input).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'AbortError') throw error;
      return undefined;
    });
    if (!given) return undefined;
    const scale = scaleOf(asked, readBack(given, shape));
    if (scale === undefined) {
      shapeFault = `of ${input.dims.join(' x ')} it makes ${given.dims.join(' x ')}, which is no picture of a whole scale`;
    }
    return scale;
  };
  for (const multiple of MULTIPLES) {
    for (const arrangement of arrangementsOf(input)) {
      const [first, second] = sizesFor(multiple);
      const scale = await tried(arrangement, first);
      if (scale === undefined || (await tried(arrangement, second)) !== scale) continue;
      return { ...arrangement, multiple, only: undefined, scale };
    }
  }
  for (const arrangement of arrangementsOf(input)) {
    const only = declaredSize(input, arrangement.layout);
    const scale = only && (await tried(arrangement, only));
    if (scale === undefined) continue;
    if (Math.min(only!.width, only!.height) >= LEAST_SIDE)
      return { ...arrangement, multiple: 1, only, scale };
    shapeFault =
      `it runs only at the size that it was exported for (${only!.width} x ${only!.height}), where pictures are cut ` +
      `into no less than ${LEAST_SIDE} x ${LEAST_SIDE}; export it for more, or with free height and width`;
  }
  throw refusal(name, shapeFault);
}

/**
 * Finds out by trying what a model wants: the form in which a reduced result is nearest to what went in. Throws the
 * fault `bad-model` where no form gives the picture back.
 */
export async function findForm(
  ends: Ends,
  run: RunModel,
  picture: TestPicture,
  name: string,
): Promise<FoundForm> {
  const { takesBytes } = ends;
  const sized = await findSize(ends, run, picture, name);
  const { width, height } = sizeToTry(sized);
  const asked = picture(width, height, sized.channels);
  const errorOf = async (range: RangeName, order: ModelForm['order']): Promise<number> => {
    const shape = { layout: sized.layout, range, order, takesBytes };
    const result = readBack(await run(fed(asked, shape)), shape);
    return result ? meanSquare(reduced(result, sized.scale), asked) : Infinity;
  };
  const ranges = takesBytes ? (['0..255'] as const) : (Object.keys(RANGES) as RangeName[]);
  const orders = sized.channels === 3 ? (['RGB', 'BGR'] as const) : (['RGB'] as const);
  let best: Tried | undefined;
  const all: Tried[] = [];
  for (const range of ranges) {
    for (const order of orders) {
      const tried = { range, order, error: await errorOf(range, order) };
      all.push(tried);
      if (!best || tried.error < best.error * CLEARLY_LESS) best = tried;
    }
  }
  const { range, order, error } = best!;
  const consistencyDb = -10 * Math.log10(Math.max(1e-12, error));
  if (!(consistencyDb >= LEAST_DB)) {
    throw refusal(
      name,
      `of a test picture it makes another one: reduced again it is ${consistencyDb.toFixed(1)} dB from what went in, ` +
        `where a model that enlarges has more than ${LEAST_DB}`,
    );
  }
  const otherOrder = all.find((one) => one.range === range && one.order !== order);
  return {
    form: { ...sized, range, order, takesBytes },
    consistencyDb,
    orderIsCertain: otherOrder === undefined || error < otherOrder.error * CLEARLY_LESS,
  };
}
