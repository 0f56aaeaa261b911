import type { PhotoInfo } from '../../shared/contract';
import { contains, intersect, isEmpty, wholeOf } from '../../shared/geometry';
import { isSame, moveItem, renewPhotos, type Command } from './command';
import { photoTitle } from './photoTitle';
import { photoOf, type DocumentPhoto, type EditorDocument, type PhotoSettings } from './document';

const tokensOf = (document: EditorDocument): string[] => document.photos.map(({ info }) => info.photo);

/** `tokens` in the order of the photos, each once, those that exist. */
const inOrder = (document: EditorDocument, tokens: readonly string[]): string[] => {
  const wanted = new Set(tokens);
  return tokensOf(document).filter((token) => wanted.has(token));
};

/**
 * Adds a photo at the end with these settings and shows it, or leaves what is shown where `isShown` is false; one
 * that is open already is only shown.
 */
export const openPhoto = (info: PhotoInfo, settings: PhotoSettings, isShown = true): Command => ({
  run: (document) =>
    photoOf(document, info.photo)
      ? renewPhoto(info)(isShown ? showPhoto(info.photo)(document) : document)
      : {
          ...document,
          photos: [...document.photos, { info, settings, regions: [], chosenRegions: [] }],
          ...(isShown || document.shown === null ? { shown: info.photo, chosen: [info.photo] } : {}),
        },
  step: (before, after) => {
    const opened = after.photos.filter((photo) => !photoOf(before, photo.info.photo));
    return { key: 'photosOpened', values: { n: opened.length, name: photoTitle(opened[0]?.info ?? info) } };
  },
});

/** Takes photos out; the shown one's right neighbour is shown next, or the left one at the end. */
export const closePhotos = (tokens: readonly string[]): Command => ({
  run(document) {
    const gone = new Set(tokens);
    const photos = document.photos.filter(({ info }) => !gone.has(info.photo));
    if (photos.length === document.photos.length) return document;
    const place = document.photos.findIndex(({ info }) => info.photo === document.shown);
    const right = document.photos.slice(place).find(({ info }) => !gone.has(info.photo));
    const shown = (right ?? photos.at(-1))?.info.photo ?? null;
    const chosen = document.chosen.filter((token) => !gone.has(token));
    const withShown = shown === null || chosen.includes(shown) ? chosen : [shown];
    return { ...document, photos, shown, chosen: withShown };
  },
  step: (before, after) => {
    const closed = before.photos.filter((photo) => !photoOf(after, photo.info.photo));
    return {
      key: 'photosClosed',
      values: { n: closed.length, name: closed[0] ? photoTitle(closed[0].info) : '' },
    };
  },
});

/** Puts a photo at another place of the strip, counted from 0. */
export const movePhoto = (token: string, to: number): Command => ({
  run(document) {
    const photos = moveItem(document.photos, tokensOf(document).indexOf(token), to);
    if (photos === document.photos) return document;
    const moved = { ...document, photos };
    return { ...moved, chosen: inOrder(moved, document.chosen) };
  },
  step: (before) => {
    const moved = photoOf(before, token);
    return { key: 'photoMoved', values: { name: moved ? photoTitle(moved.info) : '' } };
  },
});

type Change = (document: EditorDocument) => EditorDocument;

/** Shows a photo. One that is chosen leaves the choice as it is; any other becomes the only chosen one. */
export const showPhoto =
  (token: string): Change =>
  (document) => {
    if (document.shown === token || !photoOf(document, token)) return document;
    return { ...document, shown: token, chosen: document.chosen.includes(token) ? document.chosen : [token] };
  };

/** Shows the neighbour of the photo in the view; stays at the ends. */
export const showBeside =
  (direction: 1 | -1): Change =>
  (document) => {
    const index = document.photos.findIndex(({ info }) => info.photo === document.shown);
    const next = document.photos[index + direction];
    return next ? showPhoto(next.info.photo)(document) : document;
  };

/** Chooses these photos; the shown one stays where it is among them, else the first of them is shown. */
export const choosePhotos =
  (tokens: readonly string[]): Change =>
  (document) => {
    const chosen = inOrder(document, tokens);
    const [first] = chosen;
    if (first === undefined || isSame(chosen, document.chosen)) return document;
    const shown = document.shown !== null && chosen.includes(document.shown) ? document.shown : first;
    return { ...document, chosen, shown };
  };

/** A photo as it is after its file changed: regions are cut to its new size, and go where nothing is left. */
function fitted(photo: DocumentPhoto, info: PhotoInfo): DocumentPhoto {
  const whole = wholeOf<'source'>(info);
  const regions = photo.regions.flatMap((region) => {
    if (contains(whole, region.rect)) return [region];
    const { x, y, width, height } = intersect(whole, region.rect);
    return isEmpty({ width, height }) ? [] : [{ ...region, rect: { x, y, width, height } }];
  });
  const ids = new Set(regions.map(({ id }) => id));
  return { ...photo, info, regions, chosenRegions: photo.chosenRegions.filter((id) => ids.has(id)) };
}

/** Takes over what a door says of a photo now: not a step of the user's. */
export const renewPhoto =
  (info: PhotoInfo): Change =>
  (document) =>
    renewPhotos(document, [info.photo], (photo) => (isSame(photo.info, info) ? photo : fitted(photo, info)));

/**
 * Takes over a photo that had to be opened under another token, in its old place: a door that was started anew
 * does not know the tokens of its earlier self. Not a step of the user's.
 */
export const replacePhoto =
  (old: string, info: PhotoInfo): Change =>
  (document) => {
    if (!photoOf(document, old)) return document;
    if (old === info.photo) return renewPhoto(info)(document);
    const token = (one: string): string => (one === old ? info.photo : one);
    const others = document.photos.filter((photo) => photo.info.photo !== info.photo);
    return {
      ...document,
      photos: others.map((photo) => (photo.info.photo === old ? fitted(photo, info) : photo)),
      shown: document.shown === null ? null : token(document.shown),
      chosen: [...new Set(document.chosen.map(token))],
    };
  };
