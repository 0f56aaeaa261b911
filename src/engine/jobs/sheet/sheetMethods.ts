import * as v from 'valibot';
import { methodOptionsSchema, SWITCH_IDS } from '../../../shared/enlargement';
import type { SheetMethod } from '../../../shared/sheet';
import type { Catalogue } from '../../methods/catalogue';
import type { Method } from '../../methods/method';
import { shownScale } from '../../sheets/caption';
import type { Turned } from './enlarged';

/** Turned methods in the document's order, held by the catalogue while `work` runs. */
export async function withMethods<T>(
  catalogue: Pick<Catalogue, 'during'>,
  methods: readonly SheetMethod[],
  work: (turned: readonly Turned[]) => Promise<T>,
  held: readonly Turned[] = [],
): Promise<T> {
  const [next, ...others] = methods;
  if (!next) return work(held);
  return catalogue.during(next.id, next.sum, (method) =>
    withMethods(catalogue, others, work, [
      ...held,
      { method, options: v.parse(methodOptionsSchema, next.turned) },
    ]),
  );
}

/** What a method is called on a sheet, with what was turned in it. */
export function nameOf({ label, turned }: SheetMethod, { card }: Method): string {
  if (label !== undefined && label !== '') return label;
  const switched = [
    ...SWITCH_IDS.filter((name) => turned[name]),
    ...card.controls.flatMap(({ id }) => (turned[id] === undefined ? [] : [`${id} ${turned[id]}`])),
  ];
  return switched.length === 0 ? card.name : `${card.name} (${switched.join(', ')})`;
}

/** What is told of a method that does not make a scale itself. */
export function howOf({ method: { card }, options }: Turned, scales: readonly number[]): string {
  const { scales: own } = card;
  if (!Array.isArray(own) || options.cascade || scales.every((scale) => own.includes(scale))) return '';
  return `${own.map(shownScale).join(', ')} of its own, the bicubic for the rest`;
}
