import { basename } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { ProgressEvent } from '../shared/contract';
import { formatSecondsLeft } from './durations';
import { displayWidth } from '../shared/textTable';

const BAR_CELLS = 24;
const NAME_CELLS = 32;
const UNIT: Readonly<Record<ProgressEvent['stage'], string>> = {
  decode: 'reading',
  enlarge: 'tiles',
  encode: 'writing',
  measure: 'measured',
  learn: 'steps',
};

/** What a bar is about: `3/12` of a batch, or nothing, and a file or method. */
export interface ProgressTitle {
  readonly position?: { readonly at: number; readonly of: number } | undefined;
  readonly name: string;
}

function shorten(name: string): string {
  let short = basename(name);
  if (displayWidth(short) <= NAME_CELLS) return short;
  while (displayWidth(short) > NAME_CELLS - 1) short = short.slice(0, -1);
  return `${short}…`;
}

/** One line of progress: position, name, bar, count or share, time left. */
export function progressLine(title: ProgressTitle, event: ProgressEvent): string {
  const share = event.total === 0 ? 0 : Math.min(1, event.done / event.total);
  const filled = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
  const counted = event.stage === 'enlarge' || event.stage === 'measure' || event.stage === 'learn';
  const amount = counted
    ? `${event.done}/${event.total} ${UNIT[event.stage]}`
    : `${UNIT[event.stage]} ${Math.round(share * 100)} %`;
  const left = event.secondsLeft === null ? '' : `  ${formatSecondsLeft(event.secondsLeft)} left`;
  const position = title.position ? `${title.position.at}/${title.position.of}  ` : '';
  return `${position}${shorten(event.label ?? title.name)}  ${bar}  ${amount}${left}`;
}

/** A progress bar on standard error, gone without a trace when cleared. */
export class ProgressBar {
  private bar: SingleBar | undefined;

  show(title: ProgressTitle, event: ProgressEvent): void {
    const payload = { line: progressLine(title, event) };
    if (this.bar) {
      this.bar.update(event.done, payload);
      return;
    }
    this.bar = new SingleBar({
      stream: process.stderr,
      format: (_options, _params, shown: typeof payload) => shown.line,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      gracefulExit: false,
      linewrap: false,
      fps: 10,
    });
    this.bar.start(Math.max(1, event.total), event.done, payload);
  }

  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}
