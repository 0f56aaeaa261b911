import type { Command } from 'commander';
import { CONTROL_HELP, CONTROL_IDS } from '../../shared/enlargement';

/** Is told the exit status of the command that ran. */
export type End = (status: number) => void;

/** Takes an option more than once. */
export const collected = (value: string, before: readonly string[] = []): string[] => [...before, value];

const PAGE_FLAG = '--page <N>';
const PAGE_SAYS =
  'this page of a TIFF, or frame of a GIF or WebP (default: the first); of camera raw "embedded" is the JPEG that the camera made itself';

/** Adds which picture of a file is the photo; `readPage` reads it. */
export const withPage = (command: Command, more = ''): Command =>
  command.option(PAGE_FLAG, `${PAGE_SAYS}${more}`);

/** The same for several photos: one page for all, or one for each; `readPages` reads them. */
export const withPages = (command: Command): Command =>
  command.option(PAGE_FLAG, `${PAGE_SAYS}; given several times: one for each photo`, collected);

/** Adds what can be turned in some methods; `enlarger methods` says in which. */
export function withControls(command: Command): Command {
  for (const id of CONTROL_IDS) command.option(`--${id} <N>`, CONTROL_HELP[id]);
  return command;
}
