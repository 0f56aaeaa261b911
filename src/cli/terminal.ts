import type { WriteStream } from 'node:tty';
import type { ProgressEvent } from '../shared/contract';
import type { ProgressBar, ProgressTitle } from './progressBar';

export interface TerminalOptions {
  /** Nothing but errors and machine-readable results. */
  readonly quiet: boolean;
  /** Standard output holds JSON only. */
  readonly json: boolean;
}

const STYLES = { bold: [1, 22], faint: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
export type Style = keyof typeof STYLES;

function paint(stream: WriteStream, style: Style, text: string): string {
  if (!stream.isTTY || !stream.hasColors()) return text;
  const [on, off] = STYLES[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** What went wrong, on standard error, always; details behind it, indented. */
export function tellProblem(sentence: string, detail?: string): void {
  process.stderr.write(`${paint(process.stderr, 'red', 'error:')} ${sentence}\n`);
  if (detail) process.stderr.write(`${paint(process.stderr, 'faint', detail.replace(/^/gm, '  '))}\n`);
}

/**
 * What a command says and where: results on standard output, everything else on standard error, a bar
 * between the lines only where standard error is a terminal.
 */
export class Terminal {
  private bar: ProgressBar | undefined;

  constructor(private readonly options: TerminalOptions) {}

  /** Loads the bar, where one will be shown at all. */
  async prepareBar(): Promise<void> {
    if (this.options.quiet || !process.stderr.isTTY) return;
    const { ProgressBar: Bar } = await import('./progressBar');
    this.bar = new Bar();
  }

  progress(title: ProgressTitle, event: ProgressEvent): void {
    this.bar?.show(title, event);
  }

  clearProgress(): void {
    this.bar?.clear();
  }

  /** One machine-readable line; silent unless `--json`. */
  json(value: unknown): void {
    if (this.options.json) this.write(process.stdout, JSON.stringify(value));
  }

  /** A line for people on standard output; silent with `--json` or `--quiet`. */
  say(line: string): void {
    if (!this.options.json && !this.options.quiet) this.write(process.stdout, line);
  }

  /** A result for people on standard output: what the command was called for, `--quiet` or not. */
  result(line: string): void {
    if (!this.options.json) this.write(process.stdout, line);
  }

  /** A line of a result in a form of its own, JSON or not: on standard output whatever was asked. */
  machine(line: string): void {
    this.write(process.stdout, line);
  }

  /** A word beside the result, on standard error; silent with `--quiet`. */
  note(line: string): void {
    if (!this.options.quiet) this.write(process.stderr, paint(process.stderr, 'faint', line));
  }

  /** What went wrong; see `tellProblem`. */
  problem(sentence: string, detail?: string): void {
    this.clearProgress();
    tellProblem(sentence, detail);
  }

  styled(style: Style, text: string): string {
    return paint(process.stdout, style, text);
  }

  private write(stream: WriteStream, line: string): void {
    this.clearProgress();
    stream.write(`${line}\n`);
  }
}
