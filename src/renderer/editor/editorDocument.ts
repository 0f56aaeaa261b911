import type { MethodCard, PhotoInfo, Turned } from '../../shared/contract';
import { turn } from './methodSettings';

/**
 * What the user is working on. Every command returns a new document and leaves the old one whole, so a
 * history can hold them side by side.
 */
export interface EditorDocument {
  readonly photos: readonly PhotoInfo[];
  /** Id of the photo in the view. */
  readonly chosen: string | null;
  readonly method: string;
  /** What was turned in each method, by its id. */
  readonly turned: Readonly<Record<string, Turned>>;
  readonly scale: number;
  /** Density that the user set for printing; null: the photo's own. */
  readonly dpi: number | null;
}

export const emptyDocument = (method: string, scale: number): EditorDocument => ({
  photos: [],
  chosen: null,
  method,
  turned: {},
  scale,
  dpi: null,
});

export const chosenPhoto = (document: EditorDocument): PhotoInfo | null =>
  document.photos.find((photo) => photo.photo === document.chosen) ?? null;

/** Adds a photo at the end and shows it. */
export const addPhoto = (document: EditorDocument, photo: PhotoInfo): EditorDocument => ({
  ...document,
  photos: [...document.photos.filter((other) => other.photo !== photo.photo), photo],
  chosen: photo.photo,
});

/** Puts a photo that was opened anew into the place of its earlier self. */
export const replacePhoto = (document: EditorDocument, old: string, photo: PhotoInfo): EditorDocument => ({
  ...document,
  photos: document.photos.map((other) => (other.photo === old ? photo : other)),
  chosen: document.chosen === old ? photo.photo : document.chosen,
});

/** Takes a photo out; its right neighbour is shown next, or the left one at the end. */
export function removePhoto(document: EditorDocument, id: string): EditorDocument {
  const index = document.photos.findIndex((photo) => photo.photo === id);
  if (index < 0) return document;
  const photos = document.photos.filter((photo) => photo.photo !== id);
  const next = photos[Math.min(index, photos.length - 1)]?.photo ?? null;
  return { ...document, photos, chosen: document.chosen === id ? next : document.chosen };
}

/** Turns something in a method, and remembers it with that method. */
export const turnMethod = (document: EditorDocument, card: MethodCard, part: Turned): EditorDocument => ({
  ...document,
  turned: { ...document.turned, [card.id]: turn(card, document.turned[card.id] ?? {}, part) },
});

/** Shows the neighbour of the photo in the view; stays at the ends. */
export function choosePhotoBeside(document: EditorDocument, direction: 1 | -1): EditorDocument {
  const index = document.photos.findIndex((photo) => photo.photo === document.chosen);
  const next = document.photos[index + direction];
  return next ? { ...document, chosen: next.photo } : document;
}
