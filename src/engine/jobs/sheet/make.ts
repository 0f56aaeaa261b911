import type { SheetCrop, SheetDocument } from '../../../shared/sheet';
import type { Raster } from '../../kernels/raster';
import { resample } from '../../kernels/resample/resample';
import { cutOut } from '../../kernels/window';
import type { Catalogue } from '../../methods/catalogue';
import { shownScale } from '../../sheets/caption';
import type { SheetContent } from '../../sheets/content';
import type { SheetPictures } from '../../sheets/drawing';
import { INKS } from '../../sheets/layout/page';
import type { Gauges } from '../../metrics/gauges';
import { opinionsOnSheet, type AskOpinions } from './opinions';
import type { Job } from '../job';
import { composeSheet, cropKey, truthKey, type RenderedCrop, type TableFor } from './compose';
import { CANDIDATES, expectCrops, proposeCrops } from './crops';
import type { Enlarged } from './enlarged';
import { agreement, cropFidelity, type SheetRun, type Turned } from './enlarged';
import type { CropFigures, WholeFigures } from './figureRows';
import { expectSame, namedTradeoff, settled } from './settled';
import { withMethods } from './sheetMethods';
import { posed, subjectKey, type Posed, type Subject } from './subject';

export interface SheetParts {
  readonly catalogue: Pick<Catalogue, 'all' | 'get' | 'during'>;
  readonly openLpips: Gauges['openLpips'];
  readonly tableFor: TableFor;
  readonly version: string;
  readonly enlarged: Enlarged;
  /** What ended blind comparisons say. */
  readonly askOpinions: AskOpinions;
}

export interface MakeSheet {
  /** Whether figures of whole photos that are not known yet are measured, or left out. */
  readonly measures: boolean;
}

/** A sheet that only needs to be laid out and written. */
export interface RenderedSheet {
  /** With everything in it that was left open: sums, sizes, crops. */
  readonly document: SheetDocument;
  readonly content: SheetContent;
  readonly pictures: SheetPictures;
  readonly whole: readonly WholeFigures[];
  readonly crops: readonly CropFigures[];
  /** Whether figures of a whole photo were left out. */
  readonly isUnmeasured: boolean;
}

type Lpips = Awaited<ReturnType<Gauges['openLpips']>>;
type SheetJob = Pick<Job, 'signal' | 'turn' | 'progress'>;

/** One photo at one scale. */
interface Bench {
  readonly photo: number;
  readonly of: string;
  readonly subject: Subject;
  readonly posed: Posed;
}

/**
 * Everything of a sheet but its layout: crops are proposed where none are given, methods run on the crops, and on
 * the whole photo where there is something to measure it against.
 */
export function makeSheet(
  asked: SheetDocument,
  subjects: readonly Subject[],
  parts: SheetParts,
  job: SheetJob,
  { measures }: MakeSheet,
): Promise<RenderedSheet> {
  expectSame(asked, subjects);
  expectCrops(asked, subjects);
  return withMethods(parts.catalogue, asked.methods, (methods) =>
    new SheetMaker(asked, subjects, methods, parts, job, measures).make(),
  );
}

class SheetMaker {
  private readonly rendered = new Map<string, RenderedCrop>();
  private readonly truths = new Map<string, Raster>();
  private readonly whole: WholeFigures[] = [];
  private readonly devices: Set<string>[];
  private readonly run: SheetRun;
  private isUnmeasured = false;
  private done = 0;
  private hasLpips = false;

  constructor(
    private readonly asked: SheetDocument,
    private readonly subjects: readonly Subject[],
    private readonly methods: readonly Turned[],
    private readonly parts: SheetParts,
    private readonly job: SheetJob,
    private readonly measures: boolean,
  ) {
    this.devices = methods.map(() => new Set());
    this.run = { signal: job.signal, turn: () => job.turn(), device: asked.device };
  }

  async make(): Promise<RenderedSheet> {
    const { asked, subjects, methods, parts } = this;
    const lpips = asked.truth === 'none' || !this.measures ? undefined : await parts.openLpips();
    try {
      const crops: SheetCrop[] = [];
      for (const [photo, subject] of subjects.entries()) {
        const first = crops.length;
        for (const scale of asked.scales) {
          const at = await posed(subject, scale, asked.truth, this.job.signal);
          const bench: Bench = { photo, of: subjectKey(subject, asked.truth), subject, posed: at };
          // What is proposed at the first scale is shown at all of them.
          if (crops.length === first) crops.push(...(await this.cropsOf(bench)));
          await this.render(bench, crops.slice(first), first, lpips);
        }
      }
      if (crops.length === 0) throw new Error('a sheet has a crop of each photo');
      this.job.progress('measure', this.total, this.total);
      const document = await opinionsOnSheet(
        namedTradeoff(settled(asked, subjects, methods, crops, parts.version), parts.catalogue.all),
        parts.askOpinions,
      );
      const { rendered, truths, whole, devices, hasLpips, isUnmeasured } = this;
      const { version } = parts;
      const measured = { document, subjects, methods, rendered, truths, whole, devices, hasLpips, version };
      const background = INKS[asked.style.theme].background ?? '#ffffff';
      const composed = await composeSheet(measured, parts.tableFor, background, this.job.signal);
      return { document, ...composed, whole, isUnmeasured };
    } finally {
      await lpips?.release();
    }
  }

  /** The crops of a photo: those that were asked for, or where no photo has any, proposed ones. */
  private async cropsOf({ photo, of, subject, posed: at }: Bench): Promise<SheetCrop[]> {
    const { asked, methods } = this;
    if (asked.crops.length > 0) return asked.crops.filter((crop) => crop.photo === photo);
    const after = this.done + CANDIDATES;
    const place = { of, index: photo, subject, posed: at };
    const found = await proposeCrops(place, asked, methods, this.parts.enlarged, this.run, () => this.tell());
    this.done = after;
    return found;
  }

  /** All that a photo's crops, of which the sheet's number `first` is the first, show at a scale. */
  private async render(
    bench: Bench,
    crops: readonly SheetCrop[],
    first: number,
    lpips: Lpips,
  ): Promise<void> {
    const { scale } = bench.posed;
    for (const [m, { method }] of this.methods.entries()) {
      this.tell(`${method.card.name} ${shownScale(scale)}`);
      await this.measureWhole(bench, m, crops, lpips);
      for (const [k, crop] of crops.entries()) {
        this.rendered.set(cropKey(first + k, m, scale), await this.makeCrop(bench, m, crop));
      }
    }
    for (const [k, crop] of crops.entries()) {
      this.truths.set(truthKey(first + k, scale), await this.truthOf(bench, crop));
    }
  }

  /** Steps: a method on a photo at a scale, and before that a place where a crop may be. */
  private get total(): number {
    const { crops, scales } = this.asked;
    const places = crops.length === 0 ? CANDIDATES : 0;
    return this.subjects.length * (places + scales.length * this.methods.length);
  }

  /** Begins a step; `label`: what is at work. */
  private tell(label?: string): void {
    this.job.progress('measure', this.done, this.total, label);
    this.done += 1;
  }

  private async measureWhole(
    { photo, of, posed: at }: Bench,
    m: number,
    crops: readonly SheetCrop[],
    lpips: Lpips,
  ): Promise<void> {
    const { truth, scale } = at;
    const turned = this.methods[m]!;
    if (!truth || !this.asked.style.figures) return;
    const { enlarged } = this.parts;
    const known = enlarged.knownFigures(of, at, turned, this.run);
    if (!known && !this.measures) {
      this.isUnmeasured = true;
      return;
    }
    const places = crops.map(({ region }) => at.outputOf(region));
    const { figures, devices } = await enlarged.measured(
      of,
      { ...at, truth },
      turned,
      places,
      this.run,
      lpips,
    );
    devices.forEach((device) => this.devices[m]!.add(device));
    this.hasLpips ||= figures.lpips !== null;
    this.whole.push({ photo, method: m, scale, figures });
  }

  private async makeCrop({ of, posed: at }: Bench, m: number, { region }: SheetCrop): Promise<RenderedCrop> {
    const turned = this.methods[m]!;
    const { enlarged } = this.parts;
    const output = at.outputOf(region);
    const { pixels, devices } = await enlarged.part(of, at, turned, output, this.run);
    devices.forEach((device) => this.devices[m]!.add(device));
    const figures = at.truth
      ? cropFidelity(cutOut({ rect: { x: 0, y: 0, ...at.size }, pixels: at.truth }, output), pixels)
      : await agreement(enlarged, of, at, turned, region, this.run);
    return { pixels, figures };
  }

  /** What a crop should look like; where nobody knows, the photo's own pixels, as large as the others. */
  private async truthOf({ subject, posed: at }: Bench, { region }: SheetCrop): Promise<Raster> {
    const output = at.outputOf(region);
    if (at.truth) {
      // A copy, so that the whole is not held.
      const crop = cutOut({ rect: { x: 0, y: 0, ...at.size }, pixels: at.truth }, output);
      return { ...crop, data: crop.data.slice() };
    }
    const pixels = await subject.photo.read(region, { signal: this.job.signal });
    return resample(pixels, region, subject.photo.info, at.scale, output, 'nearest');
  }
}
