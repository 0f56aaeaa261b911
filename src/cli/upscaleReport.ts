import { formatSeconds } from './durations';
import type { Outcome } from './enlargement';
import { faultDetail, faultSentence } from './faultText';
import type { Terminal } from './terminal';

const shownScale = (scale: number): string => `x${Number(scale.toFixed(3))}`;

/** Tells one outcome: its JSON line, its line for people, its notes or its failure. */
export function report(terminal: Terminal, outcome: Outcome): void {
  const { input } = outcome;
  if (outcome.fault) {
    const sentence = faultSentence(outcome.fault, input);
    terminal.json({ input, error: sentence });
    if (outcome.fault.code !== 'stopped') terminal.problem(sentence, faultDetail(outcome.fault));
    return;
  }
  if (outcome.skipped) {
    terminal.json({ input, output: outcome.output, skipped: true });
    return;
  }
  const { output, method, scale, width, height, device } = outcome;
  const seconds = Number(outcome.seconds.toFixed(3));
  const map = outcome.invented === undefined ? {} : { invented: Number(outcome.invented.toFixed(3)) };
  const { notes } = outcome;
  terminal.json({ input, output, method, scale, width, height, seconds, device, ...map, notes });
  terminal.say(
    `${input} -> ${output}  ${width} x ${height}, ${method} ${shownScale(scale)}, ${formatSeconds(seconds)} on ${device}`,
  );
  if (outcome.invented !== undefined) {
    terminal.say(`${input}: invented, root mean square, ${outcome.invented.toFixed(2)} of 255`);
  }
  for (const note of outcome.notes) terminal.note(`${input}: ${note}`);
}

/** So many failed photos are named in the last words; each was named before. */
const NAMED_MAX = 50;

/** The last words of a batch: what failed is named once more, since its line may have scrolled away. */
export function conclude(
  terminal: Terminal,
  outcomes: readonly Outcome[],
  total: number,
  stopped: boolean,
): void {
  const skipped = outcomes.filter((one) => !one.fault && one.skipped).length;
  const done = outcomes.filter(({ fault }) => !fault).length - skipped;
  const failed = outcomes.filter(({ fault }) => fault && fault.code !== 'stopped').map(({ input }) => input);
  const there = skipped > 0 ? `, ${skipped} were there already` : '';
  if (stopped) {
    terminal.note(
      total > 1
        ? `Stopped: ${done} of ${total} photos are done and whole${there}.`
        : 'Stopped; nothing was written.',
    );
  } else if (skipped > 0) {
    terminal.note(`${done} of ${total} photos were enlarged${there}.`);
  }
  if (total > 1 && failed.length > 0) {
    const more = failed.length > NAMED_MAX ? ` and ${failed.length - NAMED_MAX} more` : '';
    const names = failed.slice(0, NAMED_MAX).join(', ');
    terminal.problem(`${failed.length} of ${total} photos failed: ${names}${more}.`);
  }
}
