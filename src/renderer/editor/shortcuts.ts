/**
 * Every command that a key reaches, in the order of the shortcut list. `keys` are KeyboardEvent.key values in
 * lower case; `mod` is Ctrl, or Command on a Mac. `shift` is told where it tells two commands apart. Single
 * keys are not taken while a text field has the keyboard; undo and redo are its own while its text is not entered.
 */
export const SHORTCUTS = [
  { command: 'open', keys: ['o'], mod: true, group: 'file' },
  { command: 'export', keys: ['e'], mod: false, group: 'file' },
  { command: 'export', keys: ['e'], mod: true, group: 'file' },
  { command: 'save', keys: ['s'], mod: true, shift: false, group: 'file' },
  { command: 'saveAs', keys: ['s'], mod: true, shift: true, group: 'file' },
  { command: 'close', keys: ['w'], mod: false, group: 'file' },
  { command: 'undo', keys: ['z'], mod: true, shift: false, group: 'tools' },
  { command: 'redo', keys: ['z'], mod: true, shift: true, group: 'tools' },
  { command: 'redo', keys: ['y'], mod: true, group: 'tools' },
  { command: 'previous', keys: ['['], mod: false, group: 'file' },
  { command: 'next', keys: [']'], mod: false, group: 'file' },
  { command: 'fit', keys: ['0', 'f'], mod: false, group: 'view' },
  { command: 'actual', keys: ['z'], mod: false, group: 'view' },
  { command: 'atScale', keys: ['t'], mod: false, group: 'view' },
  { command: 'zoomIn', keys: ['+', '='], mod: false, group: 'view' },
  { command: 'zoomOut', keys: ['-', '_'], mod: false, group: 'view' },
  { command: 'invented', keys: ['i'], mod: false, group: 'view' },
  { command: 'stop', keys: ['.'], mod: false, group: 'view' },
  { command: 'panels', keys: ['p'], mod: false, group: 'view' },
  { command: 'single', keys: ['c'], mod: false, group: 'compare' },
  { command: 'split', keys: ['v'], mod: false, group: 'compare' },
  { command: 'grid', keys: ['g'], mod: false, group: 'compare' },
  { command: 'flip', keys: ['x'], mod: false, group: 'compare' },
  { command: 'difference', keys: ['d'], mod: false, group: 'compare' },
  { command: 'loupe', keys: ['l'], mod: false, group: 'compare' },
  { command: 'compareWith', keys: ['a'], mod: false, group: 'compare' },
  { command: 'blink', keys: ['b'], mod: false, group: 'compare' },
  { command: 'sheet', keys: ['j'], mod: false, group: 'compare' },
  { command: 'recover', keys: ['q'], mod: false, group: 'compare' },
  { command: 'blind', keys: ['n'], mod: false, group: 'compare' },
  { command: 'hand', keys: ['h'], mod: false, group: 'tools' },
  { command: 'region', keys: ['r'], mod: false, group: 'tools' },
  { command: 'divider', keys: ['k'], mod: false, group: 'tools' },
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
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Where a keystroke goes: a text field with text that is not entered yet, one without such text, or elsewhere. */
export type Typing = 'draft' | 'field' | 'none';

/** The command of a keystroke; null: none. */
export function commandOf(stroke: Keystroke, typing: Typing): Command | null {
  const mod = stroke.ctrlKey || stroke.metaKey;
  if (stroke.altKey || (typing !== 'none' && !mod)) return null;
  const place = /^Key([A-Z])$/.exec(stroke.code)?.[1]?.toLowerCase();
  const names = [stroke.key.toLowerCase(), ...(place ? [place] : [])];
  const found = SHORTCUTS.find(
    (shortcut) =>
      shortcut.mod === mod &&
      (!('shift' in shortcut) || shortcut.shift === stroke.shiftKey) &&
      shortcut.keys.some((key) => names.includes(key)),
  );
  const isTextsOwn = typing === 'draft' && (found?.command === 'undo' || found?.command === 'redo');
  return found && !isTextsOwn ? found.command : null;
}
