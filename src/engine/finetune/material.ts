import { FaultError, faultOf } from '../../shared/faults';
import type { Size } from '../../shared/geometry';
import { LEARNED_SQUARE, leastSide } from '../../shared/learnable';
import { imresize8 } from '../kernels/resample/imresize';
import { conditionOf } from '../kernels/condition';
import { colourOf } from '../kernels/color/alpha';
import type { Photo } from '../photos/photo';
import { photoOf } from '../photos/memoryPhoto';
import type { Raster } from '../kernels/raster';
import { blurred, LUMA_OF_NOISE, spoiled, type Degradation, type ThroughJpeg } from './degradation';
import type { Exam } from './compared';
import { keptAside } from './keptAside';
import { finestPart, pairBytes, pairsOf, type Pair } from './pairs';

/** All squares that are learned from, in memory. */
const CACHE_BYTES = 192 * 2 ** 20;
/** Squares of a photo kept aside, and of the sample, that are measured at every validation. */
const MEASURED = 4;
/** Sides of what is measured at the beginning and the end, in pixels of the photo. */
const EXAM_SIDE = 768;
/** Sides of what a photo's own noise and quality are looked for in. */
const CONDITION_SIDE = 512;

/** As `Degradation`; what is `photo` is as much as is found in each photo. */
export type WantedDegradation = Omit<Degradation, 'noise' | 'jpeg'> & {
  readonly noise: number | 'photo';
  readonly jpeg: number | 'photo' | null;
};

export interface MaterialParts<T> {
  readonly photos: readonly T[];
  /** A photo's size, by its header alone; throws where it is no photo. */
  readonly sizeOf: (photo: T) => Promise<Size>;
  /** Opens a photo; whoever is given it closes it. */
  readonly open: (photo: T) => Promise<Photo>;
  readonly nameOf: (photo: T) => string;
  readonly sample: Raster;
  readonly scales: readonly number[];
  readonly degradation: WantedDegradation;
  readonly throughJpeg: ThroughJpeg;
  readonly signal: AbortSignal;
  readonly onRead: (done: number, total: number) => void;
}

/** What a training learns from and is measured by. */
export interface Material {
  readonly learned: ReadonlyMap<number, readonly Pair[]>;
  readonly kept: readonly Pair[];
  readonly general: readonly Pair[];
  /** Parts of the photos kept aside, for the methods themselves. */
  readonly exams: readonly Exam[];
  readonly learnedPhotos: number;
  readonly keptNames: readonly string[];
  /** Sentences about photos that were left out. */
  readonly notes: readonly string[];
}

/** Why a photo was left out; what is no photo's own fault is thrown on. */
function leftOut(name: string, error: unknown): string {
  const { code, message } = faultOf(error);
  if (code === 'stopped' || code === 'internal' || code === 'disk-full') throw error;
  return `${name} was left out: ${message}`;
}

/** Photos that can be used by what their headers say, and why others cannot. */
async function usable<T>({
  photos,
  sizeOf,
  nameOf,
  scales,
}: MaterialParts<T>): Promise<{ good: T[]; notes: string[] }> {
  const good: T[] = [];
  const notes: string[] = [];
  const smallest = leastSide(scales);
  for (const photo of photos) {
    try {
      const size = await sizeOf(photo);
      if (Math.min(size.width, size.height) >= smallest) good.push(photo);
      else {
        notes.push(
          `${nameOf(photo)} was left out: expected ${smallest} pixels a side or more, it has ${size.width} x ${size.height}.`,
        );
      }
    } catch (error) {
      notes.push(leftOut(nameOf(photo), error));
    }
  }
  return { good, notes };
}

function tooFew(found: number, of: number, notes: readonly string[]): FaultError {
  return new FaultError(
    'bad-option',
    `Expected two photos or more that can be learned from, one of which is kept aside to measure on, found ${found} of ${of}; choose more photos.${notes.length > 0 ? ` ${notes.join(' ')}` : ''}`,
  );
}

/** The degradation of one photo, in numbers: what is wanted `photo` is as it is found in that one. */
async function degradationFor(
  photo: Photo,
  wanted: WantedDegradation,
  signal: AbortSignal,
): Promise<Degradation> {
  const { noise, jpeg } = wanted;
  if (noise !== 'photo' && jpeg !== 'photo') return { ...wanted, noise, jpeg };
  const found = conditionOf([await finestPart(photo, 8, CONDITION_SIDE, signal)]);
  return {
    ...wanted,
    noise: noise === 'photo' ? (found.noise ?? 0) / LUMA_OF_NOISE : noise,
    jpeg: jpeg === 'photo' ? found.jpegQuality : jpeg,
  };
}

async function examOf(
  photo: Photo,
  scale: number,
  degradation: Degradation,
  throughJpeg: ThroughJpeg,
  signal: AbortSignal,
): Promise<Exam> {
  const original = colourOf(await finestPart(photo, scale, EXAM_SIDE, signal));
  const { blur } = degradation;
  const reduced = imresize8(blur > 0 ? blurred(original, blur) : original, 1 / scale);
  return {
    original,
    reduced: await spoiled(reduced, degradation, 1, throughJpeg),
    scale,
    photo: photo.info.name,
  };
}

/** What is made of one photo: squares, and of one kept aside its exams too. */
async function materialOf<T>(
  photo: Photo,
  { scales, degradation, throughJpeg, signal }: MaterialParts<T>,
  most: number,
  isKept: boolean,
): Promise<{ pairs: Pair[]; exams: Exam[] }> {
  const found = await degradationFor(photo, degradation, signal);
  const pairs: Pair[] = [];
  const exams: Exam[] = [];
  for (const scale of scales) {
    const reduction = { scale, side: LEARNED_SQUARE, degradation: found, throughJpeg };
    pairs.push(...(await pairsOf(photo, reduction, most, isKept, signal)));
    if (isKept) exams.push(await examOf(photo, scale, found, throughJpeg, signal));
  }
  return { pairs, exams };
}

/**
 * Reads every photo once and keeps what of it is used in bounded memory. Throws `bad-option` where too few can be
 * used, with what is wrong with the others.
 */
export async function gather<T>(parts: MaterialParts<T>): Promise<Material> {
  const { photos, open, nameOf, scales, degradation, throughJpeg, signal, sample } = parts;
  const { good, notes } = await usable(parts);
  if (good.length < 2) throw tooFew(good.length, photos.length, notes);
  const { learned, kept } = keptAside(good);
  const perSquare = scales.reduce((sum, scale) => sum + pairBytes(LEARNED_SQUARE, scale), 0);
  const most = Math.max(1, Math.floor(CACHE_BYTES / perSquare / learned.length));
  const pairs = new Map<number, Pair[]>(scales.map((scale) => [scale, []]));
  const measured: Pair[] = [];
  const exams: Exam[] = [];
  const read: T[] = [];
  for (const [k, one] of good.entries()) {
    parts.onRead(k, good.length);
    const isKept = kept.includes(one);
    try {
      const photo = await open(one);
      try {
        const result = await materialOf(photo, parts, isKept ? MEASURED : most, isKept);
        for (const pair of result.pairs) (isKept ? measured : pairs.get(pair.scale)!).push(pair);
        exams.push(...result.exams);
      } finally {
        await photo.close();
      }
      read.push(one);
    } catch (error) {
      notes.push(leftOut(nameOf(one), error)); // damaged behind its header
    }
  }
  const learnedPhotos = learned.filter((one) => read.includes(one)).length;
  const keptNames = kept.filter((one) => read.includes(one)).map(nameOf);
  if (learnedPhotos === 0 || keptNames.length === 0) throw tooFew(read.length, photos.length, notes);
  const general: Pair[] = [];
  for (const scale of scales) {
    const { blur, noise, jpeg } = degradation;
    const reference = { blur, noise: noise === 'photo' ? 0 : noise, jpeg: jpeg === 'photo' ? null : jpeg };
    const reduction = { scale, side: LEARNED_SQUARE, degradation: reference, throughJpeg };
    general.push(...(await pairsOf(photoOf(sample, 'sample'), reduction, MEASURED, true, signal)));
  }
  return {
    learned: pairs,
    kept: measured,
    general,
    exams,
    learnedPhotos,
    keptNames,
    notes,
  };
}
