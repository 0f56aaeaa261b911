import { randomInt } from 'node:crypto';
import { candidatesOf, type BlindComparison } from '../../../shared/blind';
import type { BlindOrder, BlindState } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { wholeOf } from '../../../shared/geometry';
import type { FilePhoto } from '../../codec/read/open';
import type { ColourTable } from '../../kernels/color/lut';
import type { Catalogue } from '../../methods/catalogue';
import type { BlindComparisons } from '../../state/blindComparisons';
import type { Job } from '../job';
import { freshJobId } from '../jobId';
import type { JobKind } from '../kind';
import { cropPixels, middleOf } from '../cropPixels';
import { sumOfPhoto } from '../photoSum';
import { detailedCrops } from '../sheet/crops';
import type { Enlarged, SheetRun } from '../sheet/enlarged';
import { withMethods } from '../sheet/sheetMethods';
import { posed, subjectKey, type Posed, type Subject } from '../sheet/subject';
import { leaseOf, type LeasedPhotos } from '../upscale/source';
import { pictureKey, type BlindPicture, type BlindPictures } from './pictures';
import { expectOpen, stateOf } from './ratings';

export interface BlindParts {
  readonly catalogue: Pick<Catalogue, 'get' | 'during'>;
  readonly photos: LeasedPhotos;
  readonly kept: BlindComparisons;
  readonly pictures: BlindPictures;
  readonly enlarged: Enlarged;
  /** The table from a photo's colours to a screen's; null: they are that. */
  readonly tableFor: (photo: FilePhoto) => Promise<ColourTable | null>;
  /** Does work during which nothing that nobody asked for is begun. */
  readonly besides: <T>(work: () => Promise<T>) => Promise<T>;
  readonly version: string;
  /** The seed of a new comparison; absent: by chance, so that no page can know the order. */
  readonly drawSeed?: () => number;
}

/** A picture's side in output pixels: two stand beside each other on a laptop's screen, pixel for pixel. */
export const BLIND_SIDE = 384;

type Plan = Exclude<BlindOrder['comparison'], { again: string }>;

/** A new comparison as it is kept; its crops are chosen before any method is seen. */
async function planned(plan: Plan, subject: Subject, parts: BlindParts, job: Job): Promise<BlindComparison> {
  const { photo, sha256 } = subject;
  const { kind, truth, scale, device, withOriginal, rater } = plan;
  if (withOriginal && truth !== 'hide') {
    throw new FaultError(
      'bad-option',
      'Expected the photo itself among the candidates only where it is reduced first; otherwise it is smaller than they are.',
    );
  }
  const methods = plan.methods.map(({ id, sum, turned }) => ({
    id,
    sum: parts.catalogue.get(id, sum).card.sum,
    turned,
  }));
  if (candidatesOf({ methods, withOriginal }) < 2) {
    throw new FaultError('bad-option', 'Expected two candidates or more to compare; choose another method.');
  }
  const side = truth === 'hide' ? BLIND_SIDE : Math.max(1, Math.round(BLIND_SIDE / scale));
  const crops =
    plan.crops.length > 0
      ? plan.crops.map((crop) => middleOf(crop, side))
      : await detailedCrops(subject, { truth, scales: [scale] }, { side, count: plan.places }, job.signal);
  return {
    blind: 1,
    id: freshJobId(),
    version: parts.version,
    kind,
    truth,
    scale,
    device,
    photo: { name: photo.info.name.split(/[/\\]/).at(-1)!, sha256 },
    crops: crops.map(({ x, y, width, height }) => ({ x, y, width, height })),
    methods,
    withOriginal,
    seed: parts.drawSeed?.() ?? randomInt(2 ** 32),
    rater,
    begunAt: Date.now(),
    endedAt: null,
    answers: [],
  };
}

/** A comparison that goes on; throws where it is another photo's, or has ended. */
async function takenUp(
  id: string,
  { photo, sha256 }: Subject,
  kept: BlindComparisons,
): Promise<BlindComparison> {
  const found = await kept.get(id);
  expectOpen(found);
  if (found.photo.sha256 !== sha256) {
    throw new FaultError(
      'photo-changed',
      `Expected ${found.photo.name} as it was when its blind comparison was begun; open that file, or begin a new one.`,
      { file: photo.info.name },
    );
  }
  return found;
}

/** What every candidate makes of every crop, by `pictureKey`. */
function picturesOf(
  comparison: BlindComparison,
  subject: Subject,
  at: Posed,
  parts: BlindParts,
  job: Job,
): Promise<Map<string, BlindPicture>> {
  const { crops, methods, truth, device } = comparison;
  const of = subjectKey(subject, truth);
  return withMethods(parts.catalogue, methods, async (turned) => {
    const table = await parts.tableFor(subject.photo);
    const run: SheetRun = { signal: job.signal, turn: () => job.turn(), device };
    const made = new Map<string, BlindPicture>();
    const total = crops.length * candidatesOf(comparison);
    for (const [c, crop] of crops.entries()) {
      const output = at.outputOf(crop);
      const size = { width: output.width, height: output.height };
      for (const [m, method] of turned.entries()) {
        job.progress('enlarge', made.size, total);
        const { pixels } = await parts.enlarged.part(of, at, method, output, run);
        made.set(pictureKey(c, m), { ...size, pixels: cropPixels(pixels, wholeOf(pixels), table) });
      }
      if (comparison.withOriginal) {
        const pixels = cropPixels(at.truth!, output, table);
        made.set(pictureKey(c, methods.length), { ...size, pixels });
      }
    }
    job.progress('enlarge', total, total);
    return made;
  });
}

async function prepare(
  { comparison }: BlindOrder,
  photo: FilePhoto,
  parts: BlindParts,
  job: Job,
): Promise<BlindState> {
  const subject: Subject = { photo, sha256: await sumOfPhoto(photo, job.signal) };
  const kept =
    'again' in comparison
      ? await takenUp(comparison.again, subject, parts.kept)
      : await planned(comparison, subject, parts, job);
  const at = await posed(subject, kept.scale, kept.truth, job.signal);
  parts.pictures.hold(kept.id, await picturesOf(kept, subject, at, parts, job));
  // Only now: what cannot be shown is not kept.
  if (!('again' in comparison)) await parts.kept.put(kept);
  return stateOf(kept);
}

/** Makes all pictures of a blind comparison, and keeps a new one. Ends with its engine; the comparison stays. */
export const blindKind = (parts: BlindParts): JobKind<'blind'> => ({
  begin: (order, client) => {
    const { photo, end } = leaseOf(parts.photos, client, order.photo);
    return Promise.resolve({
      title: photo.info.name,
      release: end,
      run: (job) => parts.besides(() => prepare(order, photo, parts, job)).finally(end),
    });
  },
});
