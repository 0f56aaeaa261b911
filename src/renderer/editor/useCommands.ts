import { useEventListener } from '@vueuse/core';
import { commandOf, type Command } from './shortcuts';

export interface CommandsOptions {
  readonly run: (command: Command) => void;
  readonly escape: () => void;
  /** A dialog has the keyboard. */
  readonly isBlocked: () => boolean;
}

const TYPING =
  'input:not([type="range"], [type="radio"], [type="checkbox"]), textarea, [contenteditable="true"]';

/** Runs the commands of keystrokes anywhere in the window, except while text is entered. */
export function useCommands({ run, escape, isBlocked }: CommandsOptions): void {
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (isBlocked() || event.defaultPrevented || event.isComposing) return;
    if (event.key === 'Escape') {
      escape();
      return;
    }
    const typing = event.target instanceof Element && event.target.matches(TYPING);
    const command = commandOf(event, typing);
    if (command === null) return;
    event.preventDefault();
    run(command);
  });
}
