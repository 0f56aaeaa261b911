import type { Metrics } from '../../shared/contract';
import { rect, type Rect, type Size } from '../../shared/geometry';
import type { Protocol } from '../../shared/protocols';
import { shiftBetween, type Shift } from '../kernels/metrics/alignment';
import { lumaSamples } from '../kernels/metrics/luma';
import { niqeFeatures, niqePart, niqeRows, niqeScore, type NaturalModel } from '../kernels/metrics/niqe';
import { comparedPart, PairMeter, type PairFigures } from '../kernels/metrics/pairMeter';
import { innerRect, type Pixels } from '../kernels/metrics/samples';
import { raster } from '../kernels/raster';
import type { Gauges } from './gauges';
import { similarityInPlace, type OpenSimilarity } from './similarity';
import type { Turns } from './lpips';
import { readMeasured, type Picture } from './picture';

/** Pixels of a strip: what is held of each picture, whatever its size. */
const STRIP_PIXELS = 1 << 20;
/** Squares in which both pictures are looked at for a shift: so many along each axis, of this side. */
const SAMPLES = 3;
const SAMPLE_SIDE = 192;

export interface CompareOptions {
  /** Pixels left out on each side. */
  readonly border: number;
  readonly protocol: Protocol;
}

/** One after another, each in a turn of its own, so that whatever is more urgent gets in between. */
async function inTurns<T>(all: readonly T[], turns: Turns, work: (one: T, at: number) => Promise<void>) {
  for (const [at, one] of all.entries()) {
    const end = await turns.turn();
    try {
      turns.signal.throwIfAborted();
      await work(one, at);
    } finally {
      end();
    }
    turns.onTile?.(at + 1, all.length);
  }
}

function stripsOf({ width, height }: Size): Rect[] {
  const rows = Math.max(16, Math.floor(STRIP_PIXELS / width));
  return Array.from({ length: Math.ceil(height / rows) }, (_, k) =>
    rect(0, k * rows, width, Math.min(rows, height - k * rows)),
  );
}

/** Squares spread over both pictures; the whole of small ones. */
function sampleRects(size: Size): Rect[] {
  const along = (length: number): number[] =>
    length <= SAMPLES * SAMPLE_SIDE
      ? [0]
      : Array.from({ length: SAMPLES }, (_, k) =>
          Math.floor(((k + 0.5) * length) / SAMPLES - SAMPLE_SIDE / 2),
        );
  const side = (length: number): number => (length <= SAMPLES * SAMPLE_SIDE ? length : SAMPLE_SIDE);
  return along(size.height).flatMap((y) =>
    along(size.width).map((x) => rect(x, y, side(size.width), side(size.height))),
  );
}

/** See `shiftBetween`; from squares of both pictures, which must be of one size. */
export async function shiftOf(reference: Picture, result: Picture): Promise<Shift | null> {
  const pieces = [];
  for (const sample of sampleRects(reference)) {
    const [a, b] = await Promise.all([readMeasured(reference, sample), readMeasured(result, sample)]);
    pieces.push([
      lumaSamples(a, rect(0, 0, a.width, a.height)),
      lumaSamples(b, rect(0, 0, b.width, b.height)),
    ] as const);
  }
  return shiftBetween(pieces);
}

/** NIQE of the part of a picture inside a border, row of blocks by row of blocks; null where it is too small. */
export async function naturalness(
  picture: Picture,
  border: number,
  natural: NaturalModel,
  turns: Turns,
): Promise<number | null> {
  const inner = innerRect(picture, border);
  const vectors: number[][] = [];
  await inTurns(niqeRows(inner), turns, async (read, row) => {
    const pixels = await readMeasured(
      picture,
      rect(inner.x + read.x, inner.y + read.y, read.width, read.height),
    );
    const { values } = lumaSamples(pixels, rect(0, 0, read.width, read.height));
    const luma = raster(read.width, read.height, 1, values);
    vectors.push(...niqeFeatures({ rect: read, pixels: luma }, row, niqePart(inner)));
  });
  return niqeScore(vectors, natural);
}

/** PSNR, SSIM, MS-SSIM and differences; a strip is read while the one before it is measured. */
async function pairFigures(
  reference: Picture,
  result: Picture,
  options: CompareOptions,
  turns: Turns,
  openSimilarity: OpenSimilarity,
): Promise<PairFigures> {
  const similarity = openSimilarity(comparedPart(reference, result, options.border), true);
  try {
    let taken: Promise<void> = Promise.resolve();
    const meter = new PairMeter(reference, result, {
      ...options,
      takeLuma: (a, b) => {
        taken = similarity.add(a, b);
      },
    });
    const strips = stripsOf(reference);
    const read = (strip: Rect | undefined): Promise<readonly [Pixels, Pixels] | undefined> => {
      const pair = strip && Promise.all([readMeasured(reference, strip), readMeasured(result, strip)]);
      // Whoever waits for it is told; nobody may.
      pair?.catch(() => undefined);
      return Promise.resolve(pair);
    };
    let next = read(strips[0]);
    await inTurns(strips, turns, async (_, at) => {
      const [a, b] = (await next)!;
      next = read(strips[at + 1]);
      meter.add(a, b);
      await taken;
    });
    return meter.figuresWith(await similarity.found());
  } finally {
    similarity.close();
  }
}

/**
 * All figures of a result beside its reference, of one size, by strips: memory does not grow with the pictures.
 * LPIPS and NIQE where they are installed. Throws `size-mismatch` or `bad-option` where nothing can be compared.
 */
export async function comparePictures(
  reference: Picture,
  result: Picture,
  { border, protocol }: CompareOptions,
  turns: Turns,
  gauges: Pick<Gauges, 'openLpips' | 'openNatural'>,
  openSimilarity: OpenSimilarity = similarityInPlace,
): Promise<Metrics> {
  const figures = await pairFigures(reference, result, { border, protocol }, turns, openSimilarity);
  const shift = await shiftOf(reference, result);
  const natural = await gauges.openNatural();
  const niqe = natural ? await naturalness(result, border, natural, turns) : null;
  const lpips = await gauges.openLpips();
  try {
    const distance = (await lpips?.between(reference, result, border, turns)) ?? null;
    return { ...figures, border, protocol, lpips: distance, niqe, shift };
  } finally {
    await lpips?.release();
  }
}
