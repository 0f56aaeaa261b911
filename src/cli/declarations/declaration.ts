import type { Command } from 'commander';
import { CONTROL_HELP, CONTROL_IDS } from '../../shared/enlargement';

/** Is told the exit status of the command that ran. */
export type End = (status: number) => void;

/** Adds what can be turned in some methods; `enlarger methods` says in which. */
export function withControls(command: Command): Command {
  for (const id of CONTROL_IDS) command.option(`--${id} <N>`, CONTROL_HELP[id]);
  return command;
}
