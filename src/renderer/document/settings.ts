import type { MethodCard } from '../../shared/contract';
import { methodIdSchema, turnedSchema, type Turned } from '../../shared/enlargement';
import { expectValid, named, renew, renewPhotos, type Command, type Step } from './command';
import { dpiSchema, photoOf, type DocumentPhoto, type EditorDocument, type PhotoSettings } from './document';
import { targetSchema, type Target } from './size';

/** What is turned is kept only where it differs from what the method has by itself. */
export type Turnable = Pick<MethodCard, 'id' | 'controls'>;

/** `before` with a part of it changed; what is the method's own default again is forgotten. */
export function turn(card: Turnable, before: Turned, part: Turned): Turned {
  const usual = new Map<string, number>(card.controls.map((control) => [control.id, control.default]));
  const next = Object.entries({ ...before, ...part });
  return Object.fromEntries(next.filter(([id, value]) => usual.get(id) !== value));
}

const changeSettings = (
  tokens: readonly string[],
  change: (photo: DocumentPhoto) => Partial<PhotoSettings>,
  step: Command['step'],
): Command => ({
  run: (document: EditorDocument) =>
    renewPhotos(document, tokens, (photo) =>
      renew(photo, { settings: renew(photo.settings, change(photo)) }),
    ),
  step,
});

/** Chooses a method for these photos. */
export function setMethod(tokens: readonly string[], id: string): Command {
  const method = { id: expectValid(methodIdSchema, id, 'method') };
  return changeSettings(tokens, () => ({ method }), named('methodChosen', { method: id }));
}

/** Turns something in one method, for these photos. */
export function turnMethod(tokens: readonly string[], card: Turnable, part: Turned): Command {
  const valid = expectValid(turnedSchema, part, 'turned');
  return changeSettings(
    tokens,
    ({ settings: { turned } }) => ({
      turned: { ...turned, [card.id]: turn(card, turned[card.id] ?? {}, valid) },
    }),
    named('methodTurned', { method: card.id }),
  );
}

const sizeStep = (target: Target): Step['values'] => {
  switch (target.by) {
    case 'scale':
      return { size: `×${Number(target.scale.toFixed(3))}` };
    case 'pixels':
      return { size: `${target.pixels} px` };
    case 'megapixels':
      return { size: `${target.megapixels} MP` };
    case 'print':
      return { size: `${Number(target.cm.toFixed(2))} cm` };
  }
};

/** Sets how large the enlargements of these photos are to be. */
export function setTarget(tokens: readonly string[], target: Target): Command {
  const valid = expectValid(targetSchema, target, 'target');
  return changeSettings(tokens, () => ({ target: valid }), named('sizeChosen', sizeStep(valid)));
}

/** Sets the density for printing, pixels an inch, 10 to 4,800; null: each photo's own. */
export function setDpi(tokens: readonly string[], dpi: number | null): Command {
  const valid = dpi === null ? null : expectValid(dpiSchema, dpi, 'dpi');
  return changeSettings(tokens, () => ({ dpi: valid }), named('densityChosen', { dpi: valid ?? '' }));
}

/** Gives these photos all settings of another one. */
export const copySettings = (from: string, to: readonly string[]): Command => ({
  run(document) {
    const source = photoOf(document, from);
    return source
      ? renewPhotos(document, to, (photo) => renew(photo, { settings: source.settings }))
      : document;
  },
  step: (before) => ({ key: 'settingsCopied', values: { name: photoOf(before, from)?.info.name ?? '' } }),
});
