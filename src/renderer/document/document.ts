import * as v from 'valibot';
import { encodingSchema, photoInfoSchema, type KeptPart, type PhotoInfo } from '../../shared/contract';
import { methodIdSchema, photoTokenSchema, regionSchema, turnedSchema } from '../../shared/enlargement';
import { contains, wholeOf } from '../../shared/geometry';
import { DPI_DEFAULT, DPI_MAX, DPI_MIN, scaleOf, targetSchema } from './size';

/**
 * What the user is working on: photos by token, what is wanted of each, what is compared, how it is exported.
 * Immutable. Pixels, the camera, what the cursor is over and which photo cannot be read just now are not part
 * of it: they are not what the user made, and undo does not touch them.
 */

const shortText = v.pipe(v.string(), v.maxLength(255));
const idSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** A method as the user chose it: whatever the catalogue has under that id. */
const methodChoiceSchema = v.object({ id: methodIdSchema });
/** What was turned in each method, by its id: going back to a method finds it as it was left. */
const turnedByMethodSchema = v.record(methodIdSchema, turnedSchema);
export const dpiSchema = v.pipe(v.number(), v.minValue(DPI_MIN), v.maxValue(DPI_MAX));

export const photoSettingsSchema = v.object({
  method: methodChoiceSchema,
  target: targetSchema,
  turned: turnedByMethodSchema,
  /** Pixels an inch for printing; null: the photo's own. */
  dpi: v.nullable(dpiSchema),
});

/** Names of colours; the theme says which they are. */
export const REGION_COLOURS = ['amber', 'azure', 'rose', 'lime', 'violet', 'teal', 'coral', 'slate'] as const;

export const documentRegionSchema = v.object({
  id: idSchema,
  name: shortText,
  colour: v.picklist(REGION_COLOURS),
  /** Source pixels, inside the photo. */
  rect: regionSchema,
  /** The ratio of its sides that is kept while it is resized; null: free. */
  ratio: v.nullable(
    v.object({ width: v.pipe(v.number(), v.gtValue(0)), height: v.pipe(v.number(), v.gtValue(0)) }),
  ),
  /** What is the region's own; what is absent is as in its photo. */
  own: v.object({
    method: v.optional(methodChoiceSchema),
    target: v.optional(targetSchema),
    turned: v.optional(turnedByMethodSchema),
  }),
});

export const documentPhotoSchema = v.object({
  /** What a door said of the photo when it was opened: enough to show its place when the file is gone. */
  info: v.object({ ...photoInfoSchema.entries, photo: photoTokenSchema }),
  settings: photoSettingsSchema,
  /** In the order of the list, the last on top. */
  regions: v.array(documentRegionSchema),
  /** Ids of the regions that are chosen. */
  chosenRegions: v.array(idSchema),
});

/** The most methods that can be compared at once: one a number key. */
export const VARIANTS_MAX = 9;

export const variantSchema = v.variant('of', [
  v.object({ id: idSchema, of: v.literal('original') }),
  v.object({
    id: idSchema,
    of: v.literal('method'),
    method: methodChoiceSchema,
    /** Turned differently from the photo's own; null: as in the photo. */
    turned: v.nullable(turnedSchema),
  }),
]);

export const compareSchema = v.object({
  /** `single`: nothing is compared, whatever lies in the tray. */
  kind: v.picklist(['single', 'split', 'grid', 'flip', 'difference', 'loupe']),
  /** The tray of chosen methods, in the order of the number keys. */
  variants: v.pipe(v.array(variantSchema), v.maxLength(VARIANTS_MAX)),
  /** Ids of the two that a split and a difference show, the one before the divider first; without: the first two. */
  pair: v.optional(v.nullable(v.tuple([idSchema, idSchema]))),
  /** Where the divider stands, as a share of the view's side. */
  split: v.object({
    axis: v.picklist(['vertical', 'horizontal']),
    at: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  }),
  /** Of the pair. */
  difference: v.object({
    gain: v.pipe(v.number(), v.minValue(1), v.maxValue(64)),
    signed: v.boolean(),
  }),
  /** Changes a second while blinking. */
  blinkHz: v.pipe(v.number(), v.minValue(0.2), v.maxValue(5)),
});

/** By the parts of `KEPT_PARTS`. */
const keepSchema = v.object({
  profile: v.boolean(),
  exif: v.boolean(),
  xmp: v.boolean(),
  density: v.boolean(),
  alpha: v.boolean(),
  gps: v.boolean(),
  gainmap: v.boolean(),
} satisfies Record<KeptPart, unknown>);

export const exportChoicesSchema = v.object({
  what: v.picklist(['photo', 'chosen-regions', 'all-regions']),
  /** The density is the photo's settings' own, and what is left out is what `keep` does not keep. */
  encoding: v.omit(encodingSchema, ['density', 'strip']),
  /** See `nameByPattern`. */
  namePattern: v.pipe(shortText, v.minLength(1)),
  /** What of the photo's own data goes along. */
  keep: keepSchema,
});

const documentShape = v.object({
  photos: v.array(documentPhotoSchema),
  /** Token of the photo in the view; null exactly where there is none. */
  shown: v.nullable(photoTokenSchema),
  /** Tokens of what settings apply to, in the order of the photos; the shown one is always among them. */
  chosen: v.array(photoTokenSchema),
  compare: compareSchema,
  exports: exportChoicesSchema,
});

const areDifferent = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** A document as it must hold together: tokens and ids once, regions inside their photo, choices that exist. */
export const documentSchema = v.pipe(
  documentShape,
  v.check(({ photos, shown, chosen }) => {
    const tokens = photos.map(({ info }) => info.photo);
    const isShown = shown === null ? tokens.length === 0 : chosen.includes(shown);
    return (
      areDifferent(tokens) && areDifferent(chosen) && isShown && chosen.every((one) => tokens.includes(one))
    );
  }, 'photos once each, and the shown and the chosen among them'),
  v.check(
    ({ photos }) =>
      photos.every(({ info, regions, chosenRegions }) => {
        const ids = regions.map(({ id }) => id);
        const isInside = regions.every(({ rect }) => contains(wholeOf(info), rect));
        return areDifferent(ids) && isInside && chosenRegions.every((id) => ids.includes(id));
      }),
    'regions once each, inside their photo, and the chosen among them',
  ),
  v.check(({ compare }) => areDifferent(compare.variants.map(({ id }) => id)), 'variants once each'),
);

type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

export type PhotoSettings = Immutable<v.InferOutput<typeof photoSettingsSchema>>;
export type DocumentRegion = Immutable<v.InferOutput<typeof documentRegionSchema>>;
export type DocumentPhoto = Immutable<Omit<v.InferOutput<typeof documentPhotoSchema>, 'info'>> & {
  readonly info: PhotoInfo;
};
export type Variant = Immutable<v.InferOutput<typeof variantSchema>>;
export type Compare = Immutable<v.InferOutput<typeof compareSchema>>;
export type ExportChoices = Immutable<v.InferOutput<typeof exportChoicesSchema>>;
export interface EditorDocument extends Omit<Immutable<v.InferOutput<typeof documentShape>>, 'photos'> {
  readonly photos: readonly DocumentPhoto[];
}

export const EMPTY: EditorDocument = {
  photos: [],
  shown: null,
  chosen: [],
  compare: {
    kind: 'single',
    variants: [],
    split: { axis: 'vertical', at: 0.5 },
    difference: { gain: 8, signed: false },
    blinkHz: 1,
  },
  exports: {
    what: 'photo',
    encoding: { format: 'png' },
    namePattern: '{name}-{region}-{method}-x{scale}',
    keep: { profile: true, exif: true, xmp: true, density: true, alpha: true, gps: true, gainmap: true },
  },
};

/** The photo with this token; null: there is none. */
export const photoOf = (document: EditorDocument, token: string | null): DocumentPhoto | null =>
  document.photos.find(({ info }) => info.photo === token) ?? null;

export const shownPhoto = (document: EditorDocument): DocumentPhoto | null =>
  photoOf(document, document.shown);

/** A region's settings: its own where it has them, else its photo's. */
export const settingsOf = (photo: DocumentPhoto, region: DocumentRegion): PhotoSettings => ({
  method: region.own.method ?? photo.settings.method,
  target: region.own.target ?? photo.settings.target,
  turned: region.own.turned ?? photo.settings.turned,
  dpi: photo.settings.dpi,
});

/** Pixels an inch at which a photo's enlargements are printed; `usual`: those of a photo that tells none. */
export const dpiOf = (
  { info, settings }: Pick<DocumentPhoto, 'info' | 'settings'>,
  usual: number = DPI_DEFAULT,
): number => settings.dpi ?? info.density ?? usual;

/** The enlargement factor of a photo, or of one of its regions, 1 to 30. */
export const scaleIn = (photo: DocumentPhoto, region?: DocumentRegion): number =>
  region
    ? scaleOf(settingsOf(photo, region).target, region.rect, dpiOf(photo))
    : scaleOf(photo.settings.target, photo.info, dpiOf(photo));
