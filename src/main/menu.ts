import type { MenuItemConstructorOptions } from 'electron';
import type { Words } from './words';

export interface MenuActions {
  readonly open: () => void;
  readonly save: () => void;
  readonly saveAs: () => void;
  readonly export: () => void;
  readonly help: () => void;
}

/** The application menu: the system's own roles, and the few commands that are Enlarger's. */
export function menuTemplate(
  platform: NodeJS.Platform,
  words: Words,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const recent: MenuItemConstructorOptions = {
    role: 'recentDocuments',
    label: words.recent,
    submenu: [{ role: 'clearRecentDocuments', label: words.clearRecent }],
  };
  const file: MenuItemConstructorOptions[] = [
    { label: words.open, accelerator: 'CmdOrCtrl+O', click: actions.open },
    ...(mac ? [recent] : []),
    separator,
    { label: words.save, accelerator: 'CmdOrCtrl+S', click: actions.save },
    { label: words.saveAs, accelerator: 'CmdOrCtrl+Shift+S', click: actions.saveAs },
    { label: words.export, accelerator: 'CmdOrCtrl+E', click: actions.export },
    separator,
    mac ? { role: 'close' } : { role: 'quit' },
  ];
  // Undo and redo belong to the page, which has a history of its own; the clipboard roles serve text fields.
  const edit: MenuItemConstructorOptions[] = [
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: words.file, submenu: file },
    { label: words.edit, submenu: edit },
    { label: words.view, submenu: [{ role: 'togglefullscreen' }] },
    ...(mac ? [{ role: 'windowMenu', label: words.window } as const] : []),
    { role: 'help', label: words.help, submenu: [{ label: words.shortcuts, click: actions.help }] },
  ];
}
