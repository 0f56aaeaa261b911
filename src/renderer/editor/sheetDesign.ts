import type { BlindKind } from '../../shared/blind';
import type { MethodCard, PhotoInfo, SheetOrder } from '../../shared/contract';
import { CONTROL_IDS, SWITCH_IDS, type Region, type Turned } from '../../shared/enlargement';
import { outputSize } from '../../shared/geometry';
import type { Tradeoff } from '../../shared/tradeoff';
import {
  LADDER_SCALES,
  SHEET_CROPS_MAX,
  SHEET_METHODS_MAX,
  SHEET_PHOTOS_MAX,
  SHEET_SCALES_MAX,
  SHEET_WIDTH,
  type SheetDocumentInput,
  type SheetLayout,
  type SheetTheme,
  type SheetTruth,
} from '../../shared/sheet';

/**
 * What the user chose for a sheet in the page: the open photos by token, and everything that the document of a
 * sheet says. `sheetOf` makes the document of it, the same that the terminal makes of the same choices.
 */

/** A method in the designer's list; the same method may stand there twice, turned differently. */
export interface ChosenMethod {
  /** Of the row alone. */
  readonly key: string;
  readonly id: string;
  readonly turned: Turned;
  /** Instead of the method's name; empty: its name. */
  readonly label: string;
}

/** A crop that was drawn in the designer. */
export interface PickedCrop {
  readonly key: string;
  readonly photo: string;
  readonly region: Region;
}

export interface SheetDesign {
  readonly layout: SheetLayout;
  readonly truth: SheetTruth;
  /** Of all layouts but the ladder. */
  readonly scale: number;
  readonly ladder: readonly number[];
  readonly methods: readonly ChosenMethod[];
  /** Whether the program proposes crops, or the user chose them. */
  readonly crops: 'proposed' | 'chosen';
  /** How many are proposed of each photo. */
  readonly proposals: number;
  /** Ids of the document's regions that are not shown. */
  readonly leftOut: readonly string[];
  readonly picked: readonly PickedCrop[];
  /** The open photo that each photo is measured against, by tokens. */
  readonly references: Readonly<Record<string, string>>;
  readonly widthCm: number;
  readonly theme: SheetTheme;
  /** Dots of a pixel's side at 300 dots an inch; null: as large as there is room for. */
  readonly cropZoom: number | null;
  readonly figures: boolean;
  /** What blind comparisons say, beside the methods. */
  readonly opinions: BlindKind | 'none';
  /** A plot below the crops; `file`: the evaluation's, as the terminal is given it. */
  readonly tradeoff: { readonly file: string; readonly plotted: Tradeoff } | null;
  readonly errorMap: boolean;
  readonly scaleBar: boolean;
  readonly title: string;
  readonly caption: string;
}

export const NEW_DESIGN: SheetDesign = {
  layout: 'paper',
  truth: 'none',
  scale: 4,
  ladder: LADDER_SCALES,
  methods: [],
  crops: 'proposed',
  proposals: 2,
  leftOut: [],
  picked: [],
  references: {},
  widthCm: SHEET_WIDTH,
  theme: 'light',
  cropZoom: null,
  figures: true,
  opinions: 'none',
  tradeoff: null,
  errorMap: false,
  scaleBar: false,
  title: '',
  caption: '',
};

/** A photo that a sheet may show, with the regions that the user drew on it. */
export interface SheetSubject {
  readonly info: PhotoInfo;
  readonly regions: readonly { readonly id: string; readonly rect: Region }[];
}

/** Why there is no sheet yet; the locales say each (`sheet.problem.*`). */
export type SheetProblem =
  | { readonly of: 'photo' | 'methods' | 'hideScale' | 'ladder' | 'crops' | 'ladderReference' }
  | { readonly of: 'tooManyCrops' | 'tooManyMethods' | 'tooManyPhotos'; readonly most: number }
  | { readonly of: 'gridCrop'; readonly name: string }
  | { readonly of: 'reference'; readonly name: string; readonly width: number; readonly height: number };

/** A sheet that can be drawn, or why there is none. */
export type PlannedSheet =
  | {
      readonly document: SheetDocumentInput;
      readonly photos: SheetOrder['photos'];
      readonly problem: null;
    }
  | { readonly document: null; readonly problem: SheetProblem };

/** What is turned away from the method's own; what stands where it would anyway is not told. */
export function turnedAway(turned: Turned, card: MethodCard | undefined): Turned {
  const away: { -readonly [K in keyof Turned]: Turned[K] } = {};
  for (const name of SWITCH_IDS) if (turned[name]) away[name] = true;
  for (const id of CONTROL_IDS) {
    const own = card?.controls.find((control) => control.id === id);
    if (own && turned[id] !== undefined && turned[id] !== own.default) away[id] = turned[id];
  }
  return away;
}

const scalesOf = ({ layout, scale, ladder }: SheetDesign): number[] =>
  layout === 'ladder' ? [...new Set(ladder)].sort((a, b) => a - b) : [scale];

/** Crops that the user chose on a photo: regions in their order, then what was picked. */
export function chosenCrops({ leftOut, picked }: SheetDesign, { info, regions }: SheetSubject): Region[] {
  return [
    ...regions.filter(({ id }) => !leftOut.includes(id)).map(({ rect }) => rect),
    ...picked.filter(({ photo }) => photo === info.photo).map(({ region }) => region),
  ];
}

function cropsOf(design: SheetDesign, subjects: readonly SheetSubject[]): SheetProblem | Crop[] {
  if (design.crops === 'proposed') return [];
  const all = subjects.flatMap((subject, photo) =>
    chosenCrops(design, subject).map(({ x, y, width, height }) => ({
      photo,
      region: { x, y, width, height },
    })),
  );
  if (subjects.length > 1) {
    // A grid has a line a photo, so a crop a photo: the first of each.
    const firsts = subjects.map((_, photo) => all.find((crop) => crop.photo === photo));
    const without = firsts.indexOf(undefined);
    return without < 0
      ? firsts.flatMap((crop) => crop ?? [])
      : { of: 'gridCrop', name: subjects[without]!.info.name };
  }
  if (all.length === 0) return { of: 'crops' };
  return all.length > SHEET_CROPS_MAX ? { of: 'tooManyCrops', most: SHEET_CROPS_MAX } : all;
}
type Crop = { photo: number; region: Region };

/** Open photos that have the size of a photo's enlargement, and so can be its reference. */
export const referencesFor = (
  { info }: SheetSubject,
  scale: number,
  open: readonly PhotoInfo[],
): PhotoInfo[] => {
  const size = outputSize(info, scale);
  return open.filter(
    ({ photo, width, height }) => photo !== info.photo && width === size.width && height === size.height,
  );
};

function referenceProblem(
  design: SheetDesign,
  subjects: readonly SheetSubject[],
  open: readonly PhotoInfo[],
) {
  if (design.layout === 'ladder') return { of: 'ladderReference' } as const;
  for (const subject of subjects) {
    const fitting = referencesFor(subject, design.scale, open).map(({ photo }) => photo);
    const chosen = design.references[subject.info.photo];
    if (chosen !== undefined && fitting.includes(chosen)) continue;
    return { of: 'reference', name: subject.info.name, ...outputSize(subject.info, design.scale) } as const;
  }
  return null;
}

/**
 * The document of a design, with its photos. `subjects`: the photos that it shows, one unless it is a grid; `open`:
 * all that are open, from which references are taken.
 */
export function sheetOf(
  design: SheetDesign,
  subjects: readonly SheetSubject[],
  open: readonly PhotoInfo[],
): PlannedSheet {
  const no = (problem: SheetProblem): PlannedSheet => ({ document: null, problem });
  const scales = scalesOf(design);
  const { truth, layout, methods } = design;
  if (subjects.length === 0) return no({ of: 'photo' });
  if (subjects.length > SHEET_PHOTOS_MAX) return no({ of: 'tooManyPhotos', most: SHEET_PHOTOS_MAX });
  if (methods.length === 0) return no({ of: 'methods' });
  if (methods.length > SHEET_METHODS_MAX) return no({ of: 'tooManyMethods', most: SHEET_METHODS_MAX });
  if (scales.length === 0 || scales.length > SHEET_SCALES_MAX) return no({ of: 'ladder' });
  if (truth === 'hide' && scales.some((scale) => !Number.isInteger(scale) || scale < 2)) {
    return no({ of: 'hideScale' });
  }
  const lacking = truth === 'reference' ? referenceProblem(design, subjects, open) : null;
  if (lacking) return no(lacking);
  const crops = cropsOf(design, subjects);
  if (!Array.isArray(crops)) return no(crops);
  const nameOf = (token: string): string => {
    const photo = open.find((one) => one.photo === token);
    return photo?.name ?? token;
  };
  const referenceOf = (token: string): string | undefined =>
    truth === 'reference' ? design.references[token] : undefined;
  const document: SheetDocumentInput = {
    sheet: 1,
    photos: subjects.map(({ info }) => {
      const reference = referenceOf(info.photo);
      return {
        name: info.name,
        ...(info.page !== 1 && { page: info.page }),
        ...(reference !== undefined && { reference: { name: nameOf(reference) } }),
      };
    }),
    crops,
    ...(design.crops === 'proposed' && { proposals: design.proposals }),
    methods: methods.map(({ id, turned, label }) => ({
      id,
      turned,
      ...(label.trim() !== '' && { label: label.trim() }),
    })),
    scales,
    layout,
    truth,
    device: 'auto',
    style: {
      widthCm: design.widthCm,
      theme: design.theme,
      ...(design.cropZoom !== null && { cropZoom: design.cropZoom }),
      figures: design.figures,
      ...(design.opinions !== 'none' && { opinions: design.opinions }),
      errorMap: design.errorMap && truth !== 'none',
      scaleBar: design.scaleBar,
      title: design.title.trim(),
      caption: design.caption.trim(),
    },
    ...(design.tradeoff && { tradeoff: design.tradeoff.plotted }),
  };
  const photos = subjects.map(({ info: { photo } }) => {
    const reference = referenceOf(photo);
    return { photo, ...(reference !== undefined && { reference }) };
  });
  return { document, photos, problem: null };
}
