import type { MethodCard } from '../shared/contract';
import type { EngineSession } from './engineSession';
import { WrongCall } from './exitStatus';
import { nearNames } from './nearNames';

/** The engine's methods, after checking that every id asked for is one of them. Throws `WrongCall`. */
export async function listMethods(
  session: EngineSession,
  wanted: readonly string[] = [],
): Promise<MethodCard[]> {
  const cards = await session.call('methods:list', {});
  const known = cards.map(({ id }) => id);
  for (const id of wanted) {
    if (known.includes(id)) continue;
    const near = nearNames(id, known);
    throw new WrongCall(
      near.length > 0
        ? `Expected --method to be the id of a method, such as ${near.join(' or ')}, received ${id}; "enlarger methods" lists them.`
        : `Expected --method to be one of ${known.join(', ')}, received ${id}.`,
    );
  }
  return cards;
}
