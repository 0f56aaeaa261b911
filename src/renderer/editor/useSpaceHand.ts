import { useEventListener } from '@vueuse/core';
import { useWorkspace } from '../stores/workspace';
import { typingIn } from './useCommands';

/**
 * While Space is held the pointer is the hand. Where the keyboard is on a control it reached by keys, or in a
 * field, Space is the control's.
 */
export function useSpaceHand({ isBlocked }: { readonly isBlocked: () => boolean }): void {
  const workspace = useWorkspace();
  const isControls = (target: EventTarget | null): boolean =>
    target instanceof HTMLElement &&
    target.matches(':focus-visible') &&
    !(target instanceof HTMLCanvasElement);

  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.code !== 'Space' || event.isComposing || isBlocked()) return;
    if (workspace.isSpaceHeld) {
      event.preventDefault();
      return;
    }
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (hasModifier || typingIn(event.target) !== 'none' || isControls(event.target)) return;
    event.preventDefault();
    workspace.isSpaceHeld = true;
  });
  const release = (): void => {
    workspace.isSpaceHeld = false;
  };
  // A button that a click left the keyboard with would be pressed by the key's release.
  useEventListener(window, 'keyup', (event: KeyboardEvent) => {
    if (event.code !== 'Space' || !workspace.isSpaceHeld) return;
    event.preventDefault();
    release();
  });
  useEventListener(window, 'blur', release);
}
