import { resolve } from 'node:path';

/**
 * The files that a command line asks to open. Chromium mixes its own switches in, so whatever begins with
 * a dash is none. `isPackaged` false: the second argument is the app's folder (`electron .`).
 */
export function filesIn(commandLine: readonly string[], folder: string, isPackaged: boolean): string[] {
  return commandLine
    .slice(isPackaged ? 1 : 2)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .map((argument) => resolve(folder, argument));
}
