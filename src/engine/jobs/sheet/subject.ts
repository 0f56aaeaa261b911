import type { Region } from '../../../shared/enlargement';
import { FaultError } from '../../../shared/faults';
import {
  contains,
  outputRect,
  outputSize,
  placeText,
  rect,
  wholeOf,
  type Rect,
  type Size,
} from '../../../shared/geometry';
import type { SheetTruth } from '../../../shared/sheet';
import type { FilePhoto } from '../../codec/read/open';
import { alphaOf, colourOf } from '../../kernels/color/alpha';
import type { Raster } from '../../kernels/raster';
import { imresize8 } from '../../kernels/resample/imresize';
import { cutOut } from '../../kernels/window';
import { photoOf } from '../../photos/memoryPhoto';
import { asGrey } from '../../photos/neutral';
import type { Photo } from '../../photos/photo';

/** A photo of a sheet, with what its enlargements are measured against. */
export interface Subject {
  readonly photo: FilePhoto;
  readonly sha256: string;
  readonly reference?: { readonly photo: FilePhoto; readonly sha256: string };
}

/** Names a subject and what its enlargements are measured against: see `Enlarged`. */
export const subjectKey = ({ sha256, reference }: Subject, truth: SheetTruth): string =>
  [sha256, truth, reference?.sha256 ?? ''].join(' ');

/** A subject at one scale: what methods are given, and what they should have made of it. */
export interface Posed {
  readonly scale: number;
  readonly given: Photo;
  /** Of the whole enlargement; null: nobody knows. */
  readonly truth: Raster | null;
  /** Of the whole enlargement. */
  readonly size: Size;
  /** The pixels of an enlargement that belong to a region of the photo. */
  outputOf(region: Region): Rect<'output'>;
}

const colours = (picture: Raster): Raster => (alphaOf(picture) ? colourOf(picture) : picture);

async function readAll(photo: FilePhoto, signal: AbortSignal): Promise<Raster> {
  return colours(await photo.read(wholeOf<'source'>(photo.info), { signal }));
}

/** Throws `bad-region` for a crop that does not lie inside what there is of the photo. */
export function expectInside(region: Region, size: Size, name: string, why = ''): void {
  if (contains(wholeOf(size), region)) return;
  throw new FaultError(
    'bad-region',
    `Expected a crop inside the ${size.width} x ${size.height} pixels of ${name}${why}, received ${placeText(region)}.`,
    { file: name },
  );
}

async function hidden(subject: Subject, scale: number, signal: AbortSignal): Promise<Posed> {
  const { info } = subject.photo;
  if (!Number.isInteger(scale) || scale < 2) {
    throw new FaultError(
      'bad-scale',
      `Expected a whole scale of 2 or more to hide a part of ${info.name}, received ${scale}; the photo is reduced by it and recovered.`,
      { file: info.name },
    );
  }
  const size = { width: info.width - (info.width % scale), height: info.height - (info.height % scale) };
  if (size.width / scale < 1 || size.height / scale < 1) {
    throw new FaultError(
      'bad-scale',
      `Expected a photo of at least ${scale} x ${scale} pixels to reduce it ${scale} times, ${info.name} has ${info.width} x ${info.height}.`,
      { file: info.name },
    );
  }
  const all = await readAll(subject.photo, signal);
  const truth = cutOut({ rect: wholeOf(all), pixels: all }, rect(0, 0, size.width, size.height));
  const reduced = photoOf(imresize8(truth, 1 / scale), info.name);
  const given = (await subject.photo.neutral(signal)) ? asGrey(reduced) : reduced;
  return {
    scale,
    given,
    truth,
    size,
    outputOf: (region) => {
      expectInside(region, size, info.name, `, cut to a multiple of ${scale}`);
      return rect<'output'>(region.x, region.y, region.width, region.height);
    },
  };
}

async function readReference(subject: Subject, scale: number, signal: AbortSignal): Promise<Raster> {
  const { info } = subject.photo;
  const { reference } = subject;
  if (!reference) throw new Error('a sheet with references has one for each photo');
  const size = outputSize(info, scale);
  const found = reference.photo.info;
  if (found.width !== size.width || found.height !== size.height) {
    throw new FaultError(
      'size-mismatch',
      `Expected a reference of ${size.width} x ${size.height} pixels (${info.name} enlarged ${scale} times), ` +
        `${found.name} has ${found.width} x ${found.height}; choose another scale, or --hide to measure without a reference.`,
      { file: found.name },
    );
  }
  return readAll(reference.photo, signal);
}

/** A subject at a scale; throws `bad-scale` and `size-mismatch` where it cannot be measured as asked. */
export async function posed(
  subject: Subject,
  scale: number,
  truth: SheetTruth,
  signal: AbortSignal,
): Promise<Posed> {
  if (truth === 'hide') return hidden(subject, scale, signal);
  const { photo } = subject;
  const { info } = photo;
  const given = (await photo.neutral(signal)) ? asGrey(photo) : photo;
  return {
    scale,
    given,
    truth: truth === 'reference' ? await readReference(subject, scale, signal) : null,
    size: outputSize(info, scale),
    outputOf: (region) => {
      expectInside(region, info, info.name);
      return outputRect(region, info, scale);
    },
  };
}
