import { FaultError } from '../../../shared/faults';
import { idOf } from '../../importing/importFolder';
import type { Catalogue } from '../../methods/catalogue';

/**
 * The id of a personal model of that name. It may take the place of an older personal model, but of nothing else:
 * throws `output-exists` then.
 */
export function expectFreeName(catalogue: Pick<Catalogue, 'list'>, name: string): string {
  const id = idOf(name);
  const there = catalogue.list.find(({ method }) => method.id === id);
  if (!there || there.origin === 'personal') return id;
  throw new FaultError(
    'output-exists',
    `Expected a new name for the personal model, but there is a method ${id} already; choose another one.`,
  );
}
