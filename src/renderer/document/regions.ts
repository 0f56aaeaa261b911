import type { Region } from '../../shared/enlargement';
import { intersect, isEmpty, wholeOf } from '../../shared/geometry';
import {
  expectValid,
  isSame,
  moveItem,
  renew,
  renewEach,
  renewPhotos,
  type Command,
  type Step,
} from './command';
import {
  documentRegionSchema,
  photoOf,
  type DocumentPhoto,
  type DocumentRegion,
  type EditorDocument,
} from './document';

type Change = (photo: DocumentPhoto) => DocumentPhoto;

const ofPhoto = (token: string, change: Change, step: Command['step']): Command => ({
  run: (document) => renewPhotos(document, [token], change),
  step,
});

const ofRegion = (
  token: string,
  id: string,
  key: Step['key'],
  change: (region: DocumentRegion, photo: DocumentPhoto) => DocumentRegion,
): Command =>
  ofPhoto(
    token,
    (photo) =>
      renew(photo, {
        regions: renewEach(photo.regions, (region) => (region.id === id ? change(region, photo) : region)),
      }),
    (_before, after) => ({ key, values: { name: regionName(after, token, id) } }),
  );

const regionName = (document: EditorDocument, token: string, id: string): string =>
  photoOf(document, token)?.regions.find((region) => region.id === id)?.name ?? '';

/** The part of `rect` inside the photo, whole source pixels; null: there is none. */
function inside(photo: DocumentPhoto, rect: Region): Region | null {
  const left = Math.round(rect.x);
  const top = Math.round(rect.y);
  const width = Math.round(rect.x + rect.width) - left;
  const height = Math.round(rect.y + rect.height) - top;
  const cut = intersect(wholeOf<'source'>(photo.info), { x: left, y: top, width, height });
  return isEmpty(cut) ? null : { x: cut.x, y: cut.y, width: cut.width, height: cut.height };
}

/** Adds a region on top and chooses it; its part outside the photo is cut off, and nothing is added without one inside. */
export const addRegion = (token: string, region: DocumentRegion): Command =>
  ofPhoto(
    token,
    (photo) => {
      const rect = inside(photo, region.rect);
      if (rect === null || photo.regions.some(({ id }) => id === region.id)) return photo;
      const added = expectValid(documentRegionSchema, { ...region, rect }, 'region');
      return { ...photo, regions: [...photo.regions, added], chosenRegions: [added.id] };
    },
    () => ({ key: 'regionAdded', values: { name: region.name } }),
  );

/** Moves or resizes a region; what leaves the photo is cut off, and a rectangle all outside changes nothing. */
export const placeRegion = (token: string, id: string, rect: Region): Command =>
  ofRegion(token, id, 'regionResized', (region, photo) => {
    const next = inside(photo, rect);
    return next === null ? region : renew(region, { rect: next });
  });

export const renameRegion = (token: string, id: string, name: string): Command => {
  const valid = expectValid(documentRegionSchema.entries.name, name, 'region.name');
  return ofRegion(token, id, 'regionRenamed', (region) => renew(region, { name: valid }));
};

export const colourRegion = (token: string, id: string, colour: DocumentRegion['colour']): Command => {
  const valid = expectValid(documentRegionSchema.entries.colour, colour, 'region.colour');
  return ofRegion(token, id, 'regionColoured', (region) => renew(region, { colour: valid }));
};

/** Keeps the ratio of a region's sides from now on; null lets it go. The rectangle stays. */
export const keepRatio = (token: string, id: string, ratio: DocumentRegion['ratio']): Command => {
  const valid = expectValid(documentRegionSchema.entries.ratio, ratio, 'region.ratio');
  return ofRegion(token, id, 'regionRatio', (region) => renew(region, { ratio: valid }));
};

/** Says what of a region's settings is its own; what is left out is as in its photo. */
export const setRegionOwn = (token: string, id: string, own: DocumentRegion['own']): Command => {
  const valid = expectValid(documentRegionSchema.entries.own, own, 'region.own');
  return ofRegion(token, id, 'regionSettings', (region) => renew(region, { own: valid }));
};

export const removeRegions = (token: string, ids: readonly string[]): Command =>
  ofPhoto(
    token,
    (photo) => {
      const regions = photo.regions.filter(({ id }) => !ids.includes(id));
      if (regions.length === photo.regions.length) return photo;
      return { ...photo, regions, chosenRegions: photo.chosenRegions.filter((id) => !ids.includes(id)) };
    },
    (before, after) => {
      const left = new Set(photoOf(after, token)?.regions.map(({ id }) => id));
      const gone = photoOf(before, token)?.regions.filter(({ id }) => !left.has(id)) ?? [];
      return { key: 'regionsRemoved', values: { n: gone.length, name: gone[0]?.name ?? '' } };
    },
  );

/** Puts a region at another place of the list, counted from 0; the last lies on top. */
export const orderRegion = (token: string, id: string, to: number): Command =>
  ofPhoto(
    token,
    (photo) => {
      const from = photo.regions.findIndex((region) => region.id === id);
      return renew(photo, { regions: moveItem(photo.regions, from, to) });
    },
    (before) => ({ key: 'regionMoved', values: { name: regionName(before, token, id) } }),
  );

/** Chooses regions of a photo: no step of the history, see `adjust`. */
export const chooseRegions =
  (token: string, ids: readonly string[]) =>
  (document: EditorDocument): EditorDocument =>
    renewPhotos(document, [token], (photo) => {
      const chosenRegions = photo.regions.filter(({ id }) => ids.includes(id)).map(({ id }) => id);
      return isSame(chosenRegions, photo.chosenRegions) ? photo : { ...photo, chosenRegions };
    });
