import type { Turned } from '../../shared/contract';
import { distinctNames, nameByPattern } from '../../shared/fileName';
import { FORMATS } from '../../shared/formats';
import { outputRect, wholeOf, type Size } from '../../shared/geometry';
import {
  dpiOf,
  photoOf,
  settingsOf,
  type DocumentPhoto,
  type DocumentRegion,
  type EditorDocument,
} from './document';
import { photoStem } from './photoTitle';
import { scaleOf } from './size';

/** One file that an export will make. */
export interface PlannedFile {
  readonly photo: DocumentPhoto;
  /** null: the whole photo. */
  readonly region: DocumentRegion | null;
  readonly method: string;
  /** What was turned in that method. */
  readonly turned: Turned;
  readonly scale: number;
  /** Pixels of the file. */
  readonly size: Size;
  /** Pixels an inch for printing. */
  readonly dpi: number;
  /** Told apart from all others of the plan, with the extension of its format. */
  readonly name: string;
}

/** How large a part of a photo, or all of it, gets at a scale. */
export const sizeOf = ({ info }: DocumentPhoto, region: DocumentRegion | null, scale: number): Size => {
  const { width, height } = outputRect(region?.rect ?? wholeOf<'source'>(info), info, scale);
  return { width, height };
};

/**
 * The files that the document's export makes: of each chosen photo itself, its chosen regions or all of them, with
 * its own settings. `usualDpi` is that of photos that tell none. Nothing to export gives an empty list.
 */
export function planExport(document: EditorDocument, usualDpi: number): readonly PlannedFile[] {
  const { what, namePattern, encoding } = document.exports;
  const photos = document.chosen.map((token) => photoOf(document, token)).filter((photo) => photo !== null);
  const planned = photos.flatMap((photo) => {
    const regions = photo.regions.filter(
      ({ id }) => what === 'all-regions' || photo.chosenRegions.includes(id),
    );
    const parts = what === 'photo' ? [null] : regions;
    return parts.map((region) => {
      const { method, target, turned } = region ? settingsOf(photo, region) : photo.settings;
      const dpi = dpiOf(photo, usualDpi);
      const scale = scaleOf(target, region?.rect ?? photo.info, dpi);
      const size = sizeOf(photo, region, scale);
      const name = nameByPattern(namePattern, {
        name: photoStem(photo.info),
        region: region?.name ?? '',
        method: method.id,
        scale: Number(scale.toFixed(3)),
        width: size.width,
        height: size.height,
      });
      const own: Turned = turned[method.id] ?? {};
      return { photo, region, method: method.id, turned: own, scale, size, dpi, name };
    });
  });
  const extension = FORMATS[encoding.format].extensions[0];
  const names = distinctNames(planned.map(({ name }) => `${name}.${extension}`));
  return planned.map((file, index) => ({ ...file, name: names[index]! }));
}
