import * as v from 'valibot';
import { OUTPUT_FORMATS } from '../formats';
import { photoConditionSchema } from './condition';
import { photoTokenSchema } from '../enlargement';

/** A path on this machine; never in a page's hands. */
export const filePathSchema = v.pipe(v.string(), v.minLength(1));

const pixels = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Most pages or frames of a file that can be asked for; libvips counts no further. */
export const PAGES_MAX = 100_000;
/** The JPEG that a camera put into its raw file, beside the sensor's values. */
export const EMBEDDED = 'embedded';
/** Which picture of a file is the photo: a page of a TIFF or frame of a GIF or WebP, from 1, or `EMBEDDED`. */
export const pageSchema = v.union([
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(PAGES_MAX)),
  v.literal(EMBEDDED),
]);
export type Page = v.InferOutput<typeof pageSchema>;

/** What a door and the page know of an open photo: never its path. Sizes after the EXIF orientation. */
export const photoInfoSchema = v.object({
  photo: photoTokenSchema,
  name: v.string(),
  width: pixels,
  height: pixels,
  format: v.string(),
  /** Bits a channel as stored: 8 or 16. */
  depth: v.picklist([8, 16]),
  grey: v.boolean(),
  alpha: v.boolean(),
  /** Name of the embedded colour profile; null: none, read as sRGB. */
  profile: v.nullable(v.string()),
  /** Pixels an inch, where the file says. */
  density: v.nullable(v.number()),
  /** Which picture of its file it is. */
  page: pageSchema,
  /** How many pages or frames of the file can be opened. */
  pages: pixels,
  /** Whether the page `EMBEDDED` can be opened. */
  embedded: v.boolean(),
  /** Whether it has a gain map for high dynamic range that can be enlarged with it. */
  gainMap: v.boolean(),
  /** Things worth a word, such as a CMYK photo that was converted. */
  notes: v.array(v.string()),
});

export type PhotoInfo = v.InferOutput<typeof photoInfoSchema>;

export const outputFormatSchema = v.picklist(OUTPUT_FORMATS);

/**
 * What a file has of its photo beside the colours, each of which can be left out: `profile` (the pixels are then
 * converted to sRGB, so that they look as before), `exif`, `xmp` (with IPTC, texts and how the file was made),
 * `gps` (where the photo was taken), `density`, `alpha` (laid onto white), `gainmap` (by which it shines in high
 * dynamic range).
 */
export const KEPT_PARTS = ['profile', 'exif', 'xmp', 'gps', 'density', 'alpha', 'gainmap'] as const;
export type KeptPart = (typeof KEPT_PARTS)[number];
/** All that describes a photo, and nothing of how its pixels are to be shown. */
export const METADATA_PARTS: readonly KeptPart[] = ['exif', 'xmp', 'gps'];

/** A list of parts; orders and settings that were written earlier have a word. */
const stripSchema = v.union([
  v.array(v.picklist(KEPT_PARTS)),
  v.pipe(
    v.picklist(['gps', 'all']),
    v.transform((word): KeptPart[] => (word === 'gps' ? ['gps'] : [...METADATA_PARTS])),
  ),
]);

/** How an enlargement is encoded; where it goes is the door's business. */
export const encodingSchema = v.object({
  format: outputFormatSchema,
  /** 1 to 100, for JPEG, WebP and AVIF; the format's own good default when absent. */
  quality: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  /** Bits a channel; absent: as the photo has, where the format can. */
  depth: v.optional(v.picklist([8, 16])),
  /** Pixels an inch to write; absent: the photo's own. */
  density: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(100_000))),
  /** What of the photo is left out; absent: nothing. */
  strip: v.optional(stripSchema),
  /** The file gets the photo's modification time. */
  keepDate: v.optional(v.boolean()),
  /** Whether XMP says which version, method and scale made the file; absent: it does. */
  provenance: v.optional(v.boolean()),
});

export type Encoding = v.InferOutput<typeof encodingSchema>;

export const photoPageCalls = {
  /** The door keeps the token: `photo:reopen` brings the photo back. */
  'photo:close': { params: v.object({ photo: photoTokenSchema }), value: v.null() },
  /** What the photo suffers from, estimated from its pixels once nothing more urgent is to be done. */
  'photo:condition': { params: v.object({ photo: photoTokenSchema }), value: photoConditionSchema },
} as const;

/** What only a door may ask: it holds paths. */
export const photoDoorCalls = {
  /**
   * `path` is read; `name` is what the user calls it. The photo belongs to the calling client, under the token
   * that the door gave it; one that is open under it already is answered as it is. `temporary`: the door removes
   * the file when the photo is closed. `page`: absent, the first.
   */
  'photo:open': {
    params: v.object({
      photo: photoTokenSchema,
      path: filePathSchema,
      name: v.optional(v.string()),
      temporary: v.optional(v.boolean(), false),
      page: v.optional(pageSchema),
    }),
    value: photoInfoSchema,
  },
  /** The same for the chart that this project draws itself (resources/sample). */
  'photo:sample': { params: v.object({ photo: photoTokenSchema }), value: photoInfoSchema },
} as const;

/** What a page asks its door, which gives tokens and knows paths. */
export const photoPageDoorCalls = {
  /** Opens the chart that this project draws itself. */
  'photo:sample': { params: v.object({}), value: photoInfoSchema },
  /**
   * Opens a photo of this page again under its token: after a reload, after it was closed, or after a start of
   * the app. `photo-moved` and `photo-changed` name a file that is not what it was.
   */
  'photo:reopen': { params: v.object({ photo: photoTokenSchema }), value: photoInfoSchema },
  /** Opens another page of a photo's file, as a photo of its own. */
  'photo:page': { params: v.object({ photo: photoTokenSchema, page: pageSchema }), value: photoInfoSchema },
} as const;
