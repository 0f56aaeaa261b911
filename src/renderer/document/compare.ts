import { turnedSchema, type Turned } from '../../shared/enlargement';
import { expectValid, moveItem, named, renew, renewEach, type Command, type Step } from './command';
import { compareSchema, VARIANTS_MAX, variantSchema, type Compare, type Variant } from './document';

const ofCompare = (
  key: Step['key'],
  change: (compare: Compare) => Compare,
  values: Step['values'] = {},
): Command => ({
  run: (document) => renew(document, { compare: change(document.compare) }),
  step: named(key, values),
});

const nameOf = (variant: Variant): Step['values'] =>
  variant.of === 'method' ? { method: variant.method.id } : { method: 'original' };

/** Comparing takes two: with fewer in the tray the view is single again. */
const withVariants = (compare: Compare, variants: readonly Variant[]): Compare =>
  renew(compare, { variants, kind: variants.length < 2 ? 'single' : compare.kind });

/** Lays a method, or the original, into the tray; a full tray (9) and an id that lies there stay as they are. */
export function addVariant(variant: Variant): Command {
  const valid = expectValid(variantSchema, variant, 'variant');
  return ofCompare(
    'variantAdded',
    (compare) =>
      compare.variants.length >= VARIANTS_MAX || compare.variants.some(({ id }) => id === valid.id)
        ? compare
        : withVariants(compare, [...compare.variants, valid]),
    nameOf(valid),
  );
}

export const removeVariant = (id: string): Command => ({
  ...ofCompare('variantRemoved', (compare) => {
    const variants = compare.variants.filter((variant) => variant.id !== id);
    return variants.length === compare.variants.length ? compare : withVariants(compare, variants);
  }),
  step: (before) => {
    const variant = before.compare.variants.find((one) => one.id === id);
    return { key: 'variantRemoved', values: variant ? nameOf(variant) : { method: '' } };
  },
});

/** Puts a variant at another place of the tray, counted from 0: another number key. */
export const moveVariant = (id: string, to: number): Command =>
  ofCompare('variantMoved', (compare) => {
    const from = compare.variants.findIndex((variant) => variant.id === id);
    return renew(compare, { variants: moveItem(compare.variants, from, to) });
  });

/** Turns a method of the tray differently from the photo's own; null: as in the photo again. */
export function turnVariant(id: string, turned: Turned | null): Command {
  const valid = turned === null ? null : expectValid(turnedSchema, turned, 'variant.turned');
  return ofCompare('variantTurned', (compare) =>
    renew(compare, {
      variants: renewEach(compare.variants, (variant) =>
        variant.id === id && variant.of === 'method' ? renew(variant, { turned: valid }) : variant,
      ),
    }),
  );
}

/** Compares the tray in one of the ways, or stops comparing; fewer than two in the tray are not compared. */
export function setCompareKind(kind: Compare['kind']): Command {
  const valid = expectValid(compareSchema.entries.kind, kind, 'compare.kind');
  return ofCompare(
    'compareKind',
    (compare) =>
      valid !== 'single' && compare.variants.length < 2 ? compare : renew(compare, { kind: valid }),
    { kind: valid },
  );
}

/** Where the divider stands, how a difference is shown, how quick blinking is. */
export function setCompareView(part: Partial<Pick<Compare, 'split' | 'difference' | 'blinkHz'>>): Command {
  return ofCompare('compareView', (compare) => {
    const next = renew(compare, part);
    return next === compare ? compare : expectValid(compareSchema, next, 'compare');
  });
}
