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

/** Puts another one into the place of one of the tray; what showed the old one shows the new one. */
export function replaceVariant(id: string, variant: Variant): Command {
  const valid = expectValid(variantSchema, variant, 'variant');
  return ofCompare(
    'variantAdded',
    (compare) => {
      if (compare.variants.some((one) => one.id === valid.id)) return compare;
      const variants = renewEach(compare.variants, (one) => (one.id === id ? valid : one));
      const [first, second] = compare.pair ?? [];
      const renamed = (one: string): string => (one === id ? valid.id : one);
      const pair =
        first !== undefined && second !== undefined ? ([renamed(first), renamed(second)] as const) : null;
      return variants === compare.variants ? compare : renew(compare, { variants, pair });
    },
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

/**
 * Compares in one of the ways; where fewer than two lie in the tray, those of `fill` are laid in first, so that
 * choosing a way to compare is one step also for whoever has not chosen what to compare.
 */
export function compareAs(kind: Exclude<Compare['kind'], 'single'>, fill: readonly Variant[]): Command {
  const valid = expectValid(compareSchema.entries.kind, kind, 'compare.kind');
  return {
    run(document) {
      const lacksOne = document.compare.variants.length < 2;
      const filled = lacksOne
        ? fill.reduce((before, variant) => addVariant(variant).run(before), document)
        : document;
      const next = setCompareKind(valid).run(filled);
      return next.compare.kind === valid ? next : document;
    },
    step: named('compareKind', { kind: valid }),
  };
}

/** The two of a split or a difference: as chosen while both lie in the tray, else its first two; null: fewer. */
export function pairOf({
  variants,
  pair,
}: Pick<Compare, 'variants' | 'pair'>): readonly [number, number] | null {
  if (variants.length < 2) return null;
  const [first, second] = (pair ?? []).map((id) => variants.findIndex((variant) => variant.id === id));
  const isWhole = first !== undefined && second !== undefined && first >= 0 && second >= 0;
  return isWhole && first !== second ? [first, second] : [0, 1];
}

/** Puts one of the tray on a side of the pair (0: before the divider); the one that stood there gives way. */
export const setSide = (id: string, side: 0 | 1): Command =>
  ofCompare('compareView', (compare) => {
    const places = pairOf(compare);
    const at = compare.variants.findIndex((variant) => variant.id === id);
    if (places === null || at < 0) return compare;
    const other = places[1 - side]!;
    // What is on the other side already changes places with this one.
    const opposite = compare.variants[at === other ? places[side] : other]!.id;
    return renew(compare, { pair: side === 0 ? [id, opposite] : [opposite, id] });
  });

/** Where the divider stands, how a difference is shown, how quick blinking is. */
export function setCompareView(part: Partial<Pick<Compare, 'split' | 'difference' | 'blinkHz'>>): Command {
  return ofCompare('compareView', (compare) => {
    const next = renew(compare, part);
    return next === compare ? compare : expectValid(compareSchema, next, 'compare');
  });
}
