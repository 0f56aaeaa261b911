import type { Region } from '../../../shared/enlargement';
import type { SheetCrop, SheetDocument } from '../../../shared/sheet';
import type { FilePhoto } from '../../codec/read/open';
import type { ColourTable } from '../../kernels/color/lut';
import type { Raster } from '../../kernels/raster';
import { resample } from '../../kernels/resample/resample';
import { cutOut } from '../../kernels/window';
import type { Catalogue } from '../../methods/catalogue';
import { captionOf, shownScale } from '../../sheets/caption';
import type { Cell, Row, SheetContent } from '../../sheets/content';
import type { Line, SheetPicture, SheetPictures } from '../../sheets/drawing';
import type { Figures } from '../../sheets/figures';
import { INKS } from '../../sheets/layout/page';
import type { Gauges } from '../../metrics/gauges';
import { opinionsOnSheet, type AskOpinions } from './opinions';
import type { Job } from '../job';
import { barLength, CANDIDATES, expectCrops, proposeCrops } from './crops';
import type { Enlarged } from './enlarged';
import { agreement, borderOf, cropFidelity, type SheetRun, type Turned } from './enlarged';
import { errorPicture, shown, shownPhoto } from './shown';
import { withLines, type CropFigures, type WholeFigures } from './figureRows';
import { expectSame, settled } from './settled';
import { howOf, nameOf, withMethods } from './sheetMethods';
import { posed, type Posed, type Subject } from './subject';

/** Okabe and Ito, "Color universal design", 2008: told apart by everybody. */
const COLOURS = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8a6d00', '#6a3d9a'];

export interface SheetParts {
  readonly catalogue: Pick<Catalogue, 'get' | 'during'>;
  readonly openLpips: Gauges['openLpips'];
  /** The table from a photo's colours to sRGB; null: they are that. */
  readonly tableFor: (photo: FilePhoto) => Promise<ColourTable | null>;
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

type SheetJob = Pick<Job, 'signal' | 'turn' | 'progress'>;

/** One photo at one scale. */
interface Bench {
  readonly photo: number;
  readonly of: string;
  readonly subject: Subject;
  readonly posed: Posed;
}

/** What a method made of a crop. */
interface RenderedCrop {
  readonly pixels: Raster;
  readonly figures: Figures;
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
  private readonly pictures = new Map<string, SheetPicture>();
  private readonly whole: WholeFigures[] = [];
  private readonly cropFigures: CropFigures[] = [];
  private readonly devices: Set<string>[];
  private readonly run: SheetRun;
  private readonly background: string;
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
    this.background = INKS[asked.style.theme].background ?? '#ffffff';
  }

  async make(): Promise<RenderedSheet> {
    const { asked, subjects, methods, parts } = this;
    const lpips = asked.truth === 'none' || !this.measures ? undefined : await parts.openLpips();
    try {
      const crops: SheetCrop[] = [];
      /** By crop, method and scale. */
      const rendered = new Map<string, RenderedCrop>();
      const truths = new Map<string, Raster>();
      for (const [photo, subject] of subjects.entries()) {
        let own = asked.crops.filter((crop) => crop.photo === photo);
        for (const [s, scale] of asked.scales.entries()) {
          const at = await posed(subject, scale, asked.truth, this.job.signal);
          const of = [subject.sha256, asked.truth, subject.reference?.sha256 ?? ''].join(' ');
          const bench: Bench = { photo, of, subject, posed: at };
          if (s === 0 && asked.crops.length === 0) {
            own = await proposeCrops(
              { of, index: photo, subject, posed: at },
              asked,
              methods,
              parts.enlarged,
              this.run,
            );
          }
          if (s === 0) crops.push(...own);
          const first = crops.length - own.length;
          for (const [m, turned] of methods.entries()) {
            this.tell(turned, scale);
            await this.measureWhole(bench, m, own, lpips);
            for (const [k, crop] of own.entries()) {
              rendered.set(`${first + k} ${m} ${scale}`, await this.makeCrop(bench, m, crop));
            }
          }
          for (const [k, crop] of own.entries()) {
            truths.set(`${first + k} ${scale}`, await this.truthOf(bench, crop));
          }
        }
      }
      if (crops.length === 0) throw new Error('a sheet has a crop of each photo');
      this.job.progress('measure', this.total, this.total);
      const document = await opinionsOnSheet(
        settled(asked, subjects, methods, crops, parts.version),
        parts.askOpinions,
      );
      const content = await this.contentOf(document, rendered, truths);
      return {
        document,
        content,
        pictures: this.pictures,
        whole: this.whole,
        crops: this.cropFigures,
        isUnmeasured: this.isUnmeasured,
      };
    } finally {
      await lpips?.release();
    }
  }

  private get total(): number {
    return this.subjects.length * this.asked.scales.length * this.methods.length;
  }

  private tell({ method }: Turned, scale: number): void {
    this.job.progress('measure', this.done, this.total, `${method.card.name} ${shownScale(scale)}`);
    this.done += 1;
  }

  private async measureWhole(
    { photo, of, posed: at }: Bench,
    m: number,
    crops: readonly SheetCrop[],
    lpips: Awaited<ReturnType<Gauges['openLpips']>>,
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

  private async contentOf(
    document: SheetDocument,
    rendered: ReadonlyMap<string, RenderedCrop>,
    truths: ReadonlyMap<string, Raster>,
  ): Promise<SheetContent> {
    const tables = await Promise.all(this.subjects.map(({ photo }) => this.parts.tableFor(photo)));
    const names = document.methods.map((method, k) => nameOf(method, this.methods[k]!.method));
    if (document.layout !== 'ladder' && document.layout !== 'strip') {
      for (const [k, { photo }] of this.subjects.entries()) {
        this.pictures.set(
          `photo-${k}`,
          await shownPhoto(photo, tables[k]!, this.background, this.job.signal),
        );
      }
    }
    const regions = document.crops.map(({ region }): Region => region);
    const rows = document.crops.flatMap((crop, c): Row[] => {
      const { info } = this.subjects[crop.photo]!.photo;
      const row = {
        photo: {
          picture: `photo-${crop.photo}`,
          width: info.width,
          height: info.height,
          name: document.photos[crop.photo]!.name,
        },
        region: regions[c]!,
        neighbours: regions.filter((_, k) => document.crops[k]!.photo === crop.photo),
        colour: COLOURS[c % COLOURS.length]!,
      };
      const cellsOf = (pairs: readonly { method: number; scale: number; name: string }[]): Cell[] =>
        pairs.map(({ method, scale, name }) =>
          this.cell(document, { crop, c, method, scale, name }, rendered, truths, tables[crop.photo]!),
        );
      const { scales } = document;
      if (document.layout === 'ladder') {
        return names.map((name, method) => ({
          ...row,
          name,
          cells: [
            this.truthCell(document, crop, c, scales[0]!, truths, tables[crop.photo]!),
            ...cellsOf(scales.map((scale) => ({ method, scale, name: shownScale(scale) }))),
          ],
        }));
      }
      const scale = scales[0]!;
      return [
        {
          ...row,
          cells: [
            this.truthCell(document, crop, c, scale, truths, tables[crop.photo]!),
            ...cellsOf(names.map((name, method) => ({ method, scale, name }))),
          ],
        },
      ];
    });
    const caption = captionOf({
      document,
      version: this.parts.version,
      methods: names.map((name, k) => ({
        name,
        sum: this.methods[k]!.method.card.sum,
        devices: [...this.devices[k]!].sort(),
        how: howOf(this.methods[k]!, document.scales),
      })),
      sizes: this.subjects.map(({ photo: { info } }) => ({ width: info.width, height: info.height })),
      candidates: document.crops.some(({ proposed }) => proposed) ? CANDIDATES : undefined,
      hasLpips: this.hasLpips,
      borders: document.scales.map(borderOf),
    });
    return {
      layout: document.layout,
      style: document.style,
      caption,
      rows: withLines(rows, document, this.whole, this.cropFigures),
    };
  }

  private truthCell(
    { truth, style }: SheetDocument,
    crop: SheetCrop,
    c: number,
    scale: number,
    truths: ReadonlyMap<string, Raster>,
    table: ColourTable | null,
  ): Cell {
    const pixels = truths.get(`${c} ${scale}`)!;
    const picture = `truth-${c}-${scale}`;
    this.pictures.set(picture, shown(pixels, table, this.background));
    const name = { hide: 'Original', reference: 'Reference', none: 'Input' }[truth];
    const legend: Line = [{ text: truth === 'none' ? 'consistency' : 'PSNR / SSIM', muted: true }];
    const bar = barLength(crop.region, truth === 'hide' ? 1 : scale);
    return {
      picture,
      size: { width: pixels.width, height: pixels.height },
      name,
      whole: [],
      crop: style.figures ? [legend] : [],
      ...(style.scaleBar && { bar: { pixels: bar.pixels, says: `${bar.source} px` } }),
    };
  }

  private cell(
    { truth, style }: SheetDocument,
    { c, method, scale, name }: { crop: SheetCrop; c: number; method: number; scale: number; name: string },
    rendered: ReadonlyMap<string, RenderedCrop>,
    truths: ReadonlyMap<string, Raster>,
    table: ColourTable | null,
  ): Cell {
    const { pixels, figures } = rendered.get(`${c} ${method} ${scale}`)!;
    const picture = `crop-${c}-${method}-${scale}`;
    this.pictures.set(picture, shown(pixels, table, this.background));
    this.cropFigures.push({ crop: c, method, scale, figures });
    const hasError = style.errorMap && truth !== 'none';
    const error = `error-${c}-${method}-${scale}`;
    if (hasError) this.pictures.set(error, errorPicture(truths.get(`${c} ${scale}`)!, pixels));
    return {
      picture,
      size: { width: pixels.width, height: pixels.height },
      ...(hasError && { error }),
      name,
      whole: [],
      crop: [],
    };
  }
}
