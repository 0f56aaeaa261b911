/**
 * Every command that a key reaches, in the order of the shortcut list. `keys` are KeyboardEvent.key values in
 * lower case; `mod` is Ctrl, or Command on a Mac. Single keys are not taken while text is entered.
 */
export const SHORTCUTS = [
  { command: 'open', keys: ['o'], mod: false, group: 'file' },
  { command: 'open', keys: ['o'], mod: true, group: 'file' },
  { command: 'export', keys: ['e'], mod: false, group: 'file' },
  { command: 'export', keys: ['s'], mod: true, group: 'file' },
  { command: 'close', keys: ['w'], mod: false, group: 'file' },
  { command: 'previous', keys: ['['], mod: false, group: 'file' },
  { command: 'next', keys: [']'], mod: false, group: 'file' },
  { command: 'fit', keys: ['0', 'f'], mod: false, group: 'view' },
  { command: 'actual', keys: ['z'], mod: false, group: 'view' },
  { command: 'zoomIn', keys: ['+', '='], mod: false, group: 'view' },
  { command: 'zoomOut', keys: ['-', '_'], mod: false, group: 'view' },
  { command: 'invented', keys: ['i'], mod: false, group: 'view' },
  { command: 'panels', keys: ['\\', '₩'], mod: false, group: 'view' },
  { command: 'method', keys: ['m', '/'], mod: false, group: 'tools' },
  { command: 'scale', keys: ['s'], mod: false, group: 'tools' },
  { command: 'shortcuts', keys: ['?'], mod: false, group: 'tools' },
] as const;

export type Command = (typeof SHORTCUTS)[number]['command'];

export interface Keystroke {
  readonly key: string;
  /** KeyboardEvent.code: the key's place, which stays when the keyboard writes Hangul. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The command of a keystroke; null: none. `typing`: the keystroke goes into a text field. */
export function commandOf(stroke: Keystroke, typing: boolean): Command | null {
  const mod = stroke.ctrlKey || stroke.metaKey;
  if (stroke.altKey || (typing && !mod)) return null;
  const place = /^Key([A-Z])$/.exec(stroke.code)?.[1]?.toLowerCase();
  const names = [stroke.key.toLowerCase(), ...(place ? [place] : [])];
  const found = SHORTCUTS.find(
    (shortcut) => shortcut.mod === mod && shortcut.keys.some((key) => names.includes(key)),
  );
  return found?.command ?? null;
}
