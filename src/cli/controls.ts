import type { MethodCard, MethodOptions } from '../shared/contract';
import { CONTROL_IDS, CONTROL_WHOLE_MAX, CONTROLS, type ControlId } from '../shared/enlargement';
import { WrongCall } from './exitStatus';
import { readShare, readWhole } from './optionValues';

/** The options that turn what only some methods have, as commander gives them: text as typed. */
export type ControlOptions = Readonly<Partial<Record<ControlId, string>>>;

/** What was turned; a control that was not named stands where the method has it by itself. */
export type Turned = Pick<MethodOptions, ControlId>;

const readControl = (id: ControlId, text: string): number =>
  CONTROLS[id] === 'whole' ? readWhole(`--${id}`, text, 0, CONTROL_WHOLE_MAX) : readShare(`--${id}`, text);

/** Reads the options; throws `WrongCall` for a value that none can have. */
export function readControls(options: ControlOptions): Turned {
  const turned: { -readonly [C in ControlId]?: number } = {};
  for (const id of CONTROL_IDS) {
    const text = options[id];
    if (text !== undefined) turned[id] = readControl(id, text);
  }
  return turned;
}

const either = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;

/**
 * A control that one of the methods asked for does not have is a `WrongCall`, which names those that do:
 * left out in silence it would be taken for turned.
 */
export function refuseForeignControls(
  turned: Turned,
  ids: readonly string[],
  cards: readonly MethodCard[],
): void {
  for (const control of CONTROL_IDS) {
    if (turned[control] === undefined) continue;
    const having = cards.filter(({ controls }) => controls.some(({ id }) => id === control));
    const without = ids.filter((id) => !having.some((card) => card.id === id));
    if (without.length === 0) continue;
    throw new WrongCall(
      having.length === 0
        ? `Expected no --${control}: none of the methods here has that control.`
        : `Expected --${control} only with ${either(having.map(({ id }) => id))}, received it with ${without.join(', ')}.`,
    );
  }
}
