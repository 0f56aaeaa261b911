import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The files that a command line asks to open, its program left out. Chromium mixes its own switches in, so
 * whatever begins with a dash is none. `isPackaged` false: the first of the rest is the app (`electron .`).
 */
export function filesIn(commandLine: readonly string[], folder: string, isPackaged: boolean): string[] {
  return commandLine
    .slice(1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .slice(isPackaged ? 0 : 1)
    .flatMap((argument) => pathOf(argument, folder));
}

/** A path as typed, or that of a file:// address, which desktops hand over (`%U`); other addresses are none. */
function pathOf(argument: string, folder: string): string[] {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(argument)) return [resolve(folder, argument)];
  try {
    return [fileURLToPath(argument)];
  } catch {
    return [];
  }
}
