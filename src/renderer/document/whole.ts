import { named, type Command } from './command';
import type { EditorDocument } from './document';

/** Puts another document into the place of this one, as one step: undo brings back what was there. */
export const openDocument = (next: EditorDocument, name: string): Command => ({
  run: () => next,
  step: named('documentOpened', { name }),
});

/** The document with its photos under other tokens; those that are not named keep theirs. */
export function withTokens(
  document: EditorDocument,
  renamed: readonly { readonly was: string; readonly photo: string }[],
): EditorDocument {
  const tokens = new Map(renamed.map(({ was, photo }) => [was, photo]));
  const token = (one: string): string => tokens.get(one) ?? one;
  return {
    ...document,
    photos: document.photos.map((photo) => ({
      ...photo,
      info: { ...photo.info, photo: token(photo.info.photo) },
    })),
    shown: document.shown === null ? null : token(document.shown),
    chosen: document.chosen.map(token),
  };
}
