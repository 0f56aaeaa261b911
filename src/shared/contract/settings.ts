import * as v from 'valibot';
import { methodIdSchema, scaleSchema, turnedSchema } from '../enlargement';
import { encodingSchema } from './photos';

/** How the list of methods can be ordered. */
export const METHOD_ORDERS = ['family', 'speed', 'fidelity', 'perception'] as const;
export type MethodOrder = (typeof METHOD_ORDERS)[number];

/** CSS pixels. */
export const FILM_STRIP_MIN = 60;
export const FILM_STRIP_MAX = 220;

/** What the view keeps of pictures, mebibytes: the least is what a large screen shows at once. */
export const VIEW_MEMORY_MIN = 64;
export const VIEW_MEMORY_MAX = 4096;

/** The most presets of exports that are kept. */
export const EXPORT_PRESETS_MAX = 50;

/** How files are exported, under a name of the user's. */
export const exportPresetSchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60)),
  encoding: v.omit(encodingSchema, ['density']),
  namePattern: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
});
export type ExportPreset = v.InferOutput<typeof exportPresetSchema>;

/** A page's settings; every field has a default, so an old or damaged file still reads. */
export const settingsSchema = v.object({
  theme: v.optional(v.picklist(['system', 'dark', 'light']), 'system'),
  language: v.optional(v.picklist(['system', 'en', 'ko']), 'system'),
  method: v.optional(methodIdSchema, 'enlarger-fast'),
  scale: v.optional(scaleSchema, 4),
  /** By the id of the method. */
  turned: v.optional(v.record(methodIdSchema, turnedSchema), {}),
  encoding: v.optional(encodingSchema, { format: 'png' }),
  exportPresets: v.optional(v.pipe(v.array(exportPresetSchema), v.maxLength(EXPORT_PRESETS_MAX)), []),
  /** Pixels an inch at which photos that tell no density are printed. */
  dpi: v.optional(v.pipe(v.number(), v.minValue(10), v.maxValue(4800)), 300),
  /** Mebibytes of pictures that the view keeps, so that what was seen is there again at once. */
  viewMemory: v.optional(v.pipe(v.number(), v.minValue(VIEW_MEMORY_MIN), v.maxValue(VIEW_MEMORY_MAX)), 256),
  panels: v.optional(v.boolean(), true),
  /** What methods run on: what is quickest and right, or the processor alone. */
  device: v.optional(v.picklist(['auto', 'cpu']), 'auto'),
  /** Methods that stand first in the list. */
  favourites: v.optional(v.array(methodIdSchema), []),
  methodOrder: v.optional(v.picklist(METHOD_ORDERS), 'family'),
  /** Tells by the system that a long export has ended while the page was not looked at. */
  notify: v.optional(v.boolean(), true),
  /** Whether the line of the size is unfolded; `auto`: where there is room. */
  sizeLine: v.optional(v.picklist(['auto', 'open', 'closed']), 'auto'),
  /** Height of the film strip, CSS pixels. */
  filmStrip: v.optional(v.pipe(v.number(), v.minValue(FILM_STRIP_MIN), v.maxValue(FILM_STRIP_MAX)), 84),
});
export type Settings = v.InferOutput<typeof settingsSchema>;

/** Some of the settings, none of them by default: what a page changes, whatever others have changed since it read them. */
export const settingsChangeSchema = v.object(
  Object.fromEntries(
    Object.entries(settingsSchema.entries).map(([name, { wrapped }]) => [name, v.optional(wrapped)]),
  ),
) as unknown as v.GenericSchema<Partial<Settings>>;

export const settingsPageCalls = {
  /** What the page remembers between starts; kept by the engine, so that every door has the same. */
  'settings:read': { params: v.object({}), value: settingsSchema },
  'settings:change': { params: settingsChangeSchema, value: v.null() },
} as const;
