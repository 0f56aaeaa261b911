import type { Region } from '../../../shared/enlargement';
import type { SheetCrop, SheetDocument } from '../../../shared/sheet';
import type { FilePhoto } from '../../codec/read/open';
import type { ColourTable } from '../../kernels/color/lut';
import type { Raster } from '../../kernels/raster';
import { captionOf, shownScale } from '../../sheets/caption';
import type { Cell, Row, SheetContent } from '../../sheets/content';
import type { Line, SheetPicture, SheetPictures } from '../../sheets/drawing';
import type { Figures } from '../../sheets/figures';
import { barLength, CANDIDATES } from './crops';
import { borderOf, type Turned } from './enlarged';
import { withLines, type CropFigures, type WholeFigures } from './figureRows';
import { howOf, nameOf } from './sheetMethods';
import { errorPicture, shown, shownPhoto } from './shown';
import type { Subject } from './subject';

/** Okabe and Ito, "Color universal design", 2008: told apart by everybody. */
const COLOURS = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8a6d00', '#6a3d9a'];

/** What a method made of a crop. */
export interface RenderedCrop {
  readonly pixels: Raster;
  readonly figures: Figures;
}

/** The table from a photo's colours to sRGB; null: they are that. */
export type TableFor = (photo: FilePhoto) => Promise<ColourTable | null>;

/** All that a sheet shows, before it is put into rows and cells. */
export interface Measured {
  readonly document: SheetDocument;
  readonly subjects: readonly Subject[];
  readonly methods: readonly Turned[];
  /** By crop, method and scale (`cropKey`). */
  readonly rendered: ReadonlyMap<string, RenderedCrop>;
  /** What each crop should look like, by crop and scale (`truthKey`). */
  readonly truths: ReadonlyMap<string, Raster>;
  readonly whole: readonly WholeFigures[];
  /** On what each method ran. */
  readonly devices: readonly ReadonlySet<string>[];
  readonly hasLpips: boolean;
  /** Of Enlarger. */
  readonly version: string;
}

export interface Composed {
  readonly content: SheetContent;
  readonly pictures: SheetPictures;
  readonly crops: readonly CropFigures[];
}

export const cropKey = (crop: number, method: number, scale: number): string => `${crop} ${method} ${scale}`;
export const truthKey = (crop: number, scale: number): string => `${crop} ${scale}`;

/** The rows, cells and words of a sheet, and its pictures in sRGB on the sheet's own background. */
export function composeSheet(
  measured: Measured,
  tableFor: TableFor,
  background: string,
  signal: AbortSignal,
): Promise<Composed> {
  return new Composition(measured, tableFor, background, signal).compose();
}

class Composition {
  private readonly pictures = new Map<string, SheetPicture>();
  private readonly cropFigures: CropFigures[] = [];

  constructor(
    private readonly measured: Measured,
    private readonly tableFor: TableFor,
    private readonly background: string,
    private readonly signal: AbortSignal,
  ) {}

  async compose(): Promise<Composed> {
    const { document, subjects, methods, version, hasLpips, devices, whole } = this.measured;
    const tables = await Promise.all(subjects.map(({ photo }) => this.tableFor(photo)));
    const names = document.methods.map((method, k) => nameOf(method, methods[k]!.method));
    if (document.layout !== 'ladder' && document.layout !== 'strip') {
      for (const [k, { photo }] of subjects.entries()) {
        this.pictures.set(`photo-${k}`, await shownPhoto(photo, tables[k]!, this.background, this.signal));
      }
    }
    const regions = document.crops.map(({ region }): Region => region);
    const rows = document.crops.flatMap((crop, c): Row[] => {
      const { info } = subjects[crop.photo]!.photo;
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
        pairs.map(({ method, scale, name }) => this.cell({ c, method, scale, name }, tables[crop.photo]!));
      const { scales } = document;
      if (document.layout === 'ladder') {
        return names.map((name, method) => ({
          ...row,
          name,
          cells: [
            this.truthCell(crop, c, scales[0]!, tables[crop.photo]!),
            ...cellsOf(scales.map((scale) => ({ method, scale, name: shownScale(scale) }))),
          ],
        }));
      }
      const scale = scales[0]!;
      return [
        {
          ...row,
          cells: [
            this.truthCell(crop, c, scale, tables[crop.photo]!),
            ...cellsOf(names.map((name, method) => ({ method, scale, name }))),
          ],
        },
      ];
    });
    const caption = captionOf({
      document,
      version,
      methods: names.map((name, k) => ({
        name,
        sum: methods[k]!.method.card.sum,
        devices: [...devices[k]!].sort(),
        how: howOf(methods[k]!, document.scales),
      })),
      sizes: subjects.map(({ photo: { info } }) => ({ width: info.width, height: info.height })),
      candidates: document.crops.some(({ proposed }) => proposed) ? CANDIDATES : undefined,
      hasLpips,
      borders: document.scales.map(borderOf),
    });
    const content: SheetContent = {
      layout: document.layout,
      style: document.style,
      caption,
      rows: withLines(rows, document, whole, this.cropFigures),
      ...(document.tradeoff && { tradeoff: document.tradeoff }),
    };
    return { content, pictures: this.pictures, crops: this.cropFigures };
  }

  private truthCell(crop: SheetCrop, c: number, scale: number, table: ColourTable | null): Cell {
    const { truth, style } = this.measured.document;
    const pixels = this.measured.truths.get(truthKey(c, scale))!;
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
    { c, method, scale, name }: { c: number; method: number; scale: number; name: string },
    table: ColourTable | null,
  ): Cell {
    const { rendered, truths, document } = this.measured;
    const { truth, style } = document;
    const { pixels, figures } = rendered.get(cropKey(c, method, scale))!;
    const picture = `crop-${c}-${method}-${scale}`;
    this.pictures.set(picture, shown(pixels, table, this.background));
    this.cropFigures.push({ crop: c, method, scale, figures });
    const hasError = style.errorMap && truth !== 'none';
    const error = `error-${c}-${method}-${scale}`;
    if (hasError) this.pictures.set(error, errorPicture(truths.get(truthKey(c, scale))!, pixels));
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
