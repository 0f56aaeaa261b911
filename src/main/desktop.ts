import { FaultError } from '../shared/faults';
import type { FileDialogs } from './files';
import type { RecentFiles } from './recentFiles';

/** What a session needs of the desktop; dialogs hang on the session's own window. */
export interface Desktop {
  readonly version: string;
  readonly dialogs: FileDialogs;
  readonly recent: RecentFiles;
  /** The names of what is in a folder. */
  namesIn(folder: string): Promise<string[]>;
  /** Notes what was opened or saved, for the system's list and the page's; gives the id of the latter. */
  rememberFile(path: string, kind: 'photo' | 'document'): string;
  revealFile(path: string): void;
  removeFile(path: string): Promise<void>;
}

/** What the user chose in a dialog. Throws `stopped`, with the sentence, where it was closed. */
export function chosen<T>(choice: T | undefined, sentence: string): T {
  if (choice === undefined) throw new FaultError('stopped', sentence);
  return choice;
}
