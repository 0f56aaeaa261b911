import { useEventListener } from '@vueuse/core';
import { useCompare } from '../stores/compare';
import { useDocument } from '../stores/document';
import { typingIn } from './useCommands';

export interface CompareKeysOptions {
  /** A dialog has the keyboard. */
  readonly isBlocked: () => boolean;
}

const ORIGINAL_KEYS: ReadonlySet<string> = new Set(['o', '\\', '₩', '|']);

/** The number keys, with Shift for the other side, and the keys that show the original for as long as they are held. */
export function useCompareKeys({ isBlocked }: CompareKeysOptions): void {
  const compare = useCompare();
  const doc = useDocument();
  let held: string | null = null;

  const isOriginal = (event: KeyboardEvent): boolean =>
    ORIGINAL_KEYS.has(event.key.toLowerCase()) || event.code === 'KeyO' || event.code === 'Backslash';

  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (isBlocked() || event.defaultPrevented || event.isComposing || !doc.photo) return;
    if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target) !== 'none') return;
    if (isOriginal(event) && !event.shiftKey) {
      event.preventDefault();
      held = event.code;
      compare.isOriginalHeld = true;
      return;
    }
    // By its place: with Shift a digit writes something else on every keyboard.
    const place = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? /^[1-9]$/.exec(event.key)?.[0];
    if (place === undefined || event.repeat) return;
    event.preventDefault();
    compare.show(Number(place) - 1, event.shiftKey ? 0 : 1);
  });
  const letGo = (): void => {
    held = null;
    compare.isOriginalHeld = false;
  };
  useEventListener(window, 'keyup', (event: KeyboardEvent) => {
    if (held !== null && (event.code === held || isOriginal(event))) letGo();
  });
  useEventListener(window, 'blur', letGo);
}
