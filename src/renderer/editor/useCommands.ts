import { useEventListener } from '@vueuse/core';
import { commandOf, type Command, type Typing } from './shortcuts';

export interface CommandsOptions {
  readonly run: (command: Command) => void;
  /** `field`: the one that has the keyboard, with nothing left to be taken back in it. */
  readonly escape: (field: HTMLElement | null) => void;
  /** A dialog has the keyboard. */
  readonly isBlocked: () => boolean;
}

const TYPING =
  'input:not([type="range"], [type="radio"], [type="checkbox"]), textarea, [contenteditable="true"]';

/** Lists that letters walk through: no field, but single keys are theirs all the same. */
const WALKED = 'select, [role="menu"], [role="listbox"]';

/** Menus and popovers, as reka-ui marks what a key or a click beside it closes. */
const LAYER = '[data-dismissable-layer]';

/** A field that takes its text on Enter says with `data-entered` that there is nothing to be taken back in it. */
const ENTERED = '[data-entered]';

const enteredField = (target: EventTarget | null): HTMLElement | null =>
  target instanceof HTMLElement && target.matches(ENTERED) ? target : null;

export function typingIn(target: EventTarget | null): Typing {
  if (!(target instanceof Element)) return 'none';
  if (target.closest(WALKED)) return 'field';
  if (!target.matches(TYPING)) return 'none';
  return target.matches(ENTERED) ? 'field' : 'draft';
}

/** Runs the commands of keystrokes anywhere in the window, except while text is entered. */
export function useCommands({ run, escape, isBlocked }: CommandsOptions): void {
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (isBlocked() || event.defaultPrevented || event.isComposing) return;
    if (event.key === 'Escape') {
      // A menu or a popover closes itself, and takes nothing else along.
      if (event.target instanceof Element && event.target.closest(LAYER)) return;
      escape(enteredField(event.target));
      return;
    }
    const command = commandOf(event, typingIn(event.target));
    if (command === null) return;
    event.preventDefault();
    run(command);
  });
}
