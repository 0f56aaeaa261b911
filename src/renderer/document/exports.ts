import { KEPT_PARTS, type KeptPart } from '../../shared/contract';
import { expectValid, named, renew, type Command, type Step } from './command';
import { exportChoicesSchema, type ExportChoices } from './document';

export type ExportEncoding = ExportChoices['encoding'];
export type Keep = ExportChoices['keep'];

/** What is left out where so much is kept, and what is kept where so much is left out. */
export const stripOf = (keep: Keep): KeptPart[] => KEPT_PARTS.filter((part) => !keep[part]);
export function keepOf(strip: readonly KeptPart[] = []): Keep {
  const keeps = (part: KeptPart): boolean => !strip.includes(part);
  return {
    profile: keeps('profile'),
    exif: keeps('exif'),
    xmp: keeps('xmp'),
    density: keeps('density'),
    alpha: keeps('alpha'),
    gps: keeps('gps'),
    gainmap: keeps('gainmap'),
  };
}

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
export const setKeep = (keep: Keep): Command => ofExports('exportKeep', { keep });

/** Whether the photo or regions of it become files. */
export const setWhat = (what: ExportChoices['what']): Command => ofExports('exportWhat', { what });

/** All that a preset says, in one step; `name`: what the user calls it. */
export const applyPreset = (
  name: string,
  { encoding, keep, namePattern }: Pick<ExportChoices, 'encoding' | 'keep' | 'namePattern'>,
): Command => ofExports('exportPreset', { encoding, keep, namePattern }, { name });
