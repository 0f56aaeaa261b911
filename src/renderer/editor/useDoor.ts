import { useEventListener } from '@vueuse/core';
import { onScopeDispose } from 'vue';
import { useEngine } from '../engine/connect';
import type { Command } from './shortcuts';

export interface DoorHandlers {
  run(command: Command): void;
  /** Whether a dialog is open, which must not be left behind by a command from the menu. */
  isBlocked(): boolean;
  /** Whether leaving the page would lose work. */
  isBusy(): boolean;
}

/** Takes the commands of the desktop's menu, and has the door ask before unfinished work is lost. */
export function useDoor(handlers: DoorHandlers): void {
  onScopeDispose(
    useEngine().on('door:command', ({ command }) => {
      if (!handlers.isBlocked()) handlers.run(command === 'help' ? 'shortcuts' : command);
    }),
  );
  // A browser asks by itself; in the desktop app the shell does.
  useEventListener(window, 'beforeunload', (event) => {
    if (handlers.isBusy()) event.preventDefault();
  });
}
