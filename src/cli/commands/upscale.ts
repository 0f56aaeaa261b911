import { runInOrder } from '../batch';
import { refuseForeignControls } from '../controls';
import { formatSeconds } from '../durations';
import { enlargePhoto, type Outcome } from '../enlargement';
import type { EngineSession } from '../engineSession';
import { EXIT, type ExitStatus } from '../exitStatus';
import { faultDetail, faultSentence } from '../faultText';
import { listMethods } from '../methodChoice';
import { Terminal } from '../terminal';
import { readUpscaleCall, type UpscaleCall, type UpscaleOptions } from '../upscaleCall';
import { withEngine } from '../withEngine';

const shownScale = (scale: number): string => `x${Number(scale.toFixed(3))}`;

/** Tells one outcome: its JSON line, its line for people, its notes or its failure. */
function report(terminal: Terminal, outcome: Outcome): void {
  const { input } = outcome;
  if (outcome.fault) {
    const sentence = faultSentence(outcome.fault, input);
    terminal.json({ input, error: sentence });
    if (outcome.fault.code !== 'stopped') terminal.problem(sentence, faultDetail(outcome.fault));
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

/** The last words of a batch: what failed is named once more, since its line may have scrolled away. */
function conclude(
  terminal: Terminal,
  call: UpscaleCall,
  outcomes: readonly Outcome[],
  stopped: boolean,
): void {
  const many = call.inputs.length > 1;
  const done = outcomes.filter(({ fault }) => !fault).length;
  const failed = outcomes.filter(({ fault }) => fault && fault.code !== 'stopped').map(({ input }) => input);
  if (stopped) {
    terminal.note(
      many
        ? `Stopped: ${done} of ${call.inputs.length} photos are done and whole.`
        : 'Stopped; nothing was written.',
    );
  }
  if (many && failed.length > 0) {
    terminal.problem(`${failed.length} of ${call.inputs.length} photos failed: ${failed.join(', ')}.`);
  }
}

/** Enlarges every photo of the call; the outcomes are told in order as they come. */
export async function upscaleAll(
  session: EngineSession,
  call: UpscaleCall,
  terminal: Terminal,
): Promise<ExitStatus> {
  const cards = await listMethods(session, [call.method]);
  refuseForeignControls(call.options, [call.method], cards);
  const outcomes: Outcome[] = [];
  const run = (input: string, at: number): Promise<Outcome> =>
    enlargePhoto(session, call, input, (event) => {
      // Of two photos in flight the earlier one has the bar.
      if (at !== outcomes.length) return;
      const position = call.inputs.length > 1 ? { at: at + 1, of: call.inputs.length } : undefined;
      terminal.progress({ position, name: input }, event);
    });
  const lost = ({ fault }: Outcome): boolean => fault?.code === 'engine-lost';
  for await (const outcome of runInOrder(call.inputs, run, lost, session.signal)) {
    outcomes.push(outcome);
    report(terminal, outcome);
  }
  const stopped =
    outcomes.length < call.inputs.length || outcomes.some(({ fault }) => fault?.code === 'stopped');
  conclude(terminal, call, outcomes, stopped);
  if (stopped) return EXIT.interrupted;
  return outcomes.some(({ fault }) => fault) ? EXIT.failed : EXIT.done;
}

export async function upscale(inputs: readonly string[], options: UpscaleOptions): Promise<ExitStatus> {
  const call = readUpscaleCall(inputs, options);
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: options.json ?? false });
  return withEngine(terminal, (session) => upscaleAll(session, call, terminal));
}
