import * as v from 'valibot';
import type { DocumentPhoto, EditorDocument } from './document';

/** Every name that a step of the history can have; the locales say each (`history.step.*`). */
export const STEP_KEYS = [
  'documentOpened',
  'photosOpened',
  'photosClosed',
  'photoMoved',
  'methodChosen',
  'methodTurned',
  'sizeChosen',
  'densityChosen',
  'settingsCopied',
  'regionAdded',
  'regionResized',
  'regionRenamed',
  'regionColoured',
  'regionRatio',
  'regionSettings',
  'regionsRemoved',
  'regionMoved',
  'variantAdded',
  'variantRemoved',
  'variantMoved',
  'variantTurned',
  'compareKind',
  'compareView',
  'exportEncoding',
  'exportNames',
  'exportKeep',
  'exportWhat',
  'exportPreset',
] as const;

/**
 * The name of a step. Values are words of the user's (names) and numbers; `method` is a method's id, for which
 * whoever shows the step finds the name.
 */
export interface Step {
  readonly key: (typeof STEP_KEYS)[number];
  readonly values: Readonly<Record<string, string | number>>;
}

/**
 * One change. `run` is pure; where there is nothing to change it returns the very document that it was given.
 * `step` names the change from what was before to what is after, so that a drag of many changes has one name.
 */
export interface Command {
  run(document: EditorDocument): EditorDocument;
  step(before: EditorDocument, after: EditorDocument): Step;
}

/** A step whose name does not depend on the document. */
export const named =
  (key: Step['key'], values: Step['values'] = {}): Command['step'] =>
  () => ({ key, values });

/** A value that the caller must have right. Throws a RangeError that says what was expected and received. */
export function expectValid<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  what: string,
): v.InferOutput<S> {
  const read = v.safeParse(schema, value);
  if (read.success) return read.output;
  const [issue] = read.issues;
  const path = v.getDotPath(issue);
  const place = path === null ? what : `${what}.${path}`;
  throw new RangeError(
    `Expected ${issue.expected ?? issue.message} for ${place}, received ${issue.received}.`,
  );
}

/** True where two plain values say the same. */
export const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** `list` with each item that `change` renews; the very list where it renews none. */
export function renewEach<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  const next = list.map(change);
  return next.every((item, index) => item === list[index]) ? list : next;
}

/** `part` laid over `whole`; the very `whole` where it says the same already. */
export function renew<T extends object>(whole: T, part: Partial<T>): T {
  const differs = (Object.keys(part) as (keyof T)[]).some((key) => !isSame(whole[key], part[key]));
  return differs ? { ...whole, ...part } : whole;
}

/** The document with each of these photos changed; the very document where nothing is changed. */
export function renewPhotos(
  document: EditorDocument,
  tokens: readonly string[],
  change: (photo: DocumentPhoto) => DocumentPhoto,
): EditorDocument {
  const wanted = new Set(tokens);
  const photos = renewEach(document.photos, (photo) =>
    wanted.has(photo.info.photo) ? change(photo) : photo,
  );
  return photos === document.photos ? document : { ...document, photos };
}

/** An item of a list at another place; the very list where it is there already, or not in it. */
export function moveItem<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const item = list[from];
  const place = Math.min(list.length - 1, Math.max(0, Math.round(to)));
  if (item === undefined || place === from) return list;
  const others = list.filter((_, index) => index !== from);
  return [...others.slice(0, place), item, ...others.slice(place)];
}
