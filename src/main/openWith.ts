import { resolve } from 'node:path';

/**
 * The files that a command line asks to open, its program left out. Chromium mixes its own switches in, so
 * whatever begins with a dash is none. `isPackaged` false: the first of the rest is the app (`electron .`).
 */
export function filesIn(commandLine: readonly string[], folder: string, isPackaged: boolean): string[] {
  return commandLine
    .slice(1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .slice(isPackaged ? 0 : 1)
    .map((argument) => resolve(folder, argument));
}
