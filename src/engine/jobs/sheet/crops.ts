import type { Region } from '../../../shared/enlargement';
import { outputLength, rect, wholeOf, type Rect, type Size } from '../../../shared/geometry';
import type { SheetCrop, SheetDocument } from '../../../shared/sheet';
import type { Raster } from '../../kernels/raster';
import { colourOf } from '../../kernels/color/alpha';
import { cutOut } from '../../kernels/window';
import { detailedPlaces, difference } from '../../sheets/proposals';
import { expectInside, type Posed, type Subject } from './subject';
import type { Enlarged, SheetRun, Turned } from './enlarged';

/** Most detailed places of a photo among which crops are chosen. */
export const CANDIDATES = 12;
/** Detail is looked for in a photo reduced to about this long a side. */
const OVERVIEW_SIDE = 2048;
/** A crop's side in output pixels, where it is not less than that in pixels of the photo. */
const CROP_OUTPUT = 96;
const CROP_SOURCE_LEAST = 16;

/** What is done to a photo, as far as crops depend on it. */
type Treatment = Pick<SheetDocument, 'truth' | 'scales'>;

/** The side of a proposed crop, in the photo's pixels. */
function sideOf({ truth, scales }: Treatment): number {
  // What was hidden is measured in the photo's own pixels, which are the output's.
  if (truth === 'hide') return Math.max(CROP_OUTPUT, CROP_SOURCE_LEAST * Math.max(...scales));
  return Math.max(CROP_SOURCE_LEAST, Math.round(CROP_OUTPUT / Math.min(...scales)));
}

/** Pictures of a level of a photo, colours alone. */
async function overviewOf(
  { photo }: Subject,
  signal: AbortSignal,
): Promise<{ picture: Raster; factor: number }> {
  let level = 0;
  while (level < photo.levels && Math.max(photo.info.width, photo.info.height) / 2 ** level > OVERVIEW_SIDE)
    level++;
  const factor = 2 ** level;
  const size = { width: Math.ceil(photo.info.width / factor), height: Math.ceil(photo.info.height / factor) };
  const picture = await photo.read(rect<'source'>(0, 0, size.width, size.height), { level, signal });
  return { picture: colourOf(picture), factor };
}

const inside = ({ x, y, width, height }: Rect, factor: number, size: Size): Region => {
  const [w, h] = [Math.min(size.width, width * factor), Math.min(size.height, height * factor)];
  return {
    x: Math.min(x * factor, size.width - w),
    y: Math.min(y * factor, size.height - h),
    width: w,
    height: h,
  };
};

/** The part of a photo that crops may lie in. */
function croppable({ photo: { info } }: Subject, { truth, scales }: Treatment): Size {
  if (truth !== 'hide') return { width: info.width, height: info.height };
  const multiple = (length: number): number => Math.min(...scales.map((scale) => length - (length % scale)));
  return { width: multiple(info.width), height: multiple(info.height) };
}

/** The `count` squares of a photo with the most detail, the most detailed first, of `side` of its pixels. */
export async function detailedCrops(
  subject: Subject,
  treatment: Treatment,
  { side, count }: { readonly side: number; readonly count: number },
  signal: AbortSignal,
): Promise<Region[]> {
  const { picture, factor } = await overviewOf(subject, signal);
  const size = croppable(subject, treatment);
  const within = {
    width: Math.max(1, Math.floor(size.width / factor)),
    height: Math.max(1, Math.floor(size.height / factor)),
  };
  const part = cutOut({ rect: wholeOf(picture), pixels: picture }, wholeOf(within));
  return detailedPlaces(part, Math.max(1, Math.round(side / factor)), count).map((place) =>
    inside(place, factor, size),
  );
}

export interface Proposing {
  readonly of: string;
  readonly index: number;
  readonly subject: Subject;
  readonly posed: Posed;
}

/**
 * Crops of a photo where the methods differ most, among its most detailed places; in the order in which they
 * lie on the photo. `tell` is called before each of the at most CANDIDATES places that are tried.
 */
export async function proposeCrops(
  { of, index, subject, posed }: Proposing,
  document: SheetDocument,
  methods: readonly Turned[],
  enlarged: Enlarged,
  run: SheetRun,
  tell: () => void,
): Promise<SheetCrop[]> {
  const count = document.proposals ?? (document.photos.length > 1 || document.layout === 'ladder' ? 1 : 2);
  const wanted = { side: sideOf(document), count: CANDIDATES };
  const places = await detailedCrops(subject, document, wanted, run.signal);
  const ranked: { region: Region; differ: number }[] = [];
  for (const region of places) {
    tell();
    const results: Raster[] = [];
    if (places.length > count) {
      for (const method of methods) {
        results.push((await enlarged.part(of, posed, method, posed.outputOf(region), run)).pixels);
      }
    }
    ranked.push({ region, differ: difference(results) });
  }
  // Of equals the more detailed one: sorting keeps their order.
  ranked.sort((a, b) => b.differ - a.differ);
  return ranked
    .slice(0, count)
    .map(({ region }) => ({ photo: index, region, proposed: true }))
    .sort((a, b) => a.region.y - b.region.y || a.region.x - b.region.x);
}

/** Throws `bad-region` where a crop lies outside its photo, `bad-option` where there is no such photo. */
export function expectCrops(document: SheetDocument, subjects: readonly Subject[]): void {
  for (const { photo, region } of document.crops) {
    const subject = subjects[photo];
    if (!subject) throw new RangeError(`a crop names photo ${photo} of ${subjects.length}`);
    const why = document.truth === 'hide' ? ', cut to a multiple of the scale' : '';
    expectInside(region, croppable(subject, document), subject.photo.info.name, why);
  }
}

/** A round number of the photo's pixels, about a quarter of a crop's width. */
export function barLength(
  region: Region,
  scale: number,
): { readonly source: number; readonly pixels: number } {
  const most = Math.max(1, region.width / 3);
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const source = steps.filter((step) => step <= most).at(-1)!;
  return { source, pixels: outputLength(source, scale) };
}
