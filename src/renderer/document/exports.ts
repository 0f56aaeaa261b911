import { expectValid, named, renew, type Command, type Step } from './command';
import { exportChoicesSchema, type ExportChoices } from './document';

export type ExportEncoding = ExportChoices['encoding'];

const ofExports = (key: Step['key'], part: Partial<ExportChoices>, values: Step['values'] = {}): Command => ({
  run(document) {
    const next = renew(document.exports, part);
    return next === document.exports
      ? document
      : { ...document, exports: expectValid(exportChoicesSchema, next, 'exports') };
  },
  step: named(key, values),
});

/** How files are encoded: format, quality (1 to 100, absent: the format's own), depth (8 or 16, absent: the photo's). */
export const setEncoding = (encoding: ExportEncoding): Command =>
  ofExports('exportEncoding', { encoding }, { format: encoding.format.toUpperCase() });

/** How files are named, with {name}, {region}, {scale} and {method}. */
export const setNamePattern = (namePattern: string): Command => ofExports('exportNames', { namePattern });

/** What of the photo's own data goes along. */
export const setKeep = (keep: ExportChoices['keep']): Command => ofExports('exportKeep', { keep });

/** Whether the photo or regions of it become files. */
export const setWhat = (what: ExportChoices['what']): Command => ofExports('exportWhat', { what });
