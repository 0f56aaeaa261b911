import { jobKinds, readBy, type FinetuneDone } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { formatSeconds } from '../durations';
import type { EngineSession, OnProgress } from '../engineSession';
import { EXIT, WrongCall, type ExitStatus } from '../exitStatus';
import { readFinetuneCall, type FinetuneOptions } from '../finetuneCall';
import { listMethods } from '../methodChoice';
import { layTable } from '../../shared/textTable';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

const STOPPING =
  'Stopping after this step with what was learned so far; press Ctrl-C again to end at once (--resume goes on from the last checkpoint).';

const ENDINGS: Readonly<Record<FinetuneDone['ending'], string>> = {
  time: 'the time was spent',
  enough: 'it no longer got better',
  asked: 'it was stopped',
};

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
const photosText = (count: number): string => `${count} ${count === 1 ? 'photo' : 'photos'}`;

/** What came of a training, for people. */
export function finetuneLines(done: FinetuneDone): string[] {
  const { before, after, general, kept } = done;
  const row = (what: string, from: string, to: string, change: string): string[] => [what, from, to, change];
  const rows = [
    row(
      `PSNR-Y, ${photosText(kept.length)} kept aside`,
      `${before.psnrY.toFixed(2)} dB`,
      `${after.psnrY.toFixed(2)} dB`,
      signed(after.psnrY - before.psnrY),
    ),
  ];
  if (before.lpips !== null && after.lpips !== null) {
    const change = after.lpips - before.lpips;
    rows.push(
      row('LPIPS (lower is nearer)', before.lpips.toFixed(4), after.lpips.toFixed(4), change.toFixed(4)),
    );
  }
  if (general !== null) rows.push(row('PSNR-Y, the sample', '', '', signed(general)));
  const columns = ['measured', 'before', 'after', 'change'].map(
    (title, k) => ({ title, align: k === 0 ? 'left' : 'right' }) as const,
  );
  return layTable(columns, rows);
}

function tell(done: FinetuneDone, terminal: Terminal): void {
  terminal.json(done);
  const scales = done.scales.map((scale) => `x${scale}`).join(', ');
  terminal.say(
    `${done.name}: ${done.method} learned ${done.steps} steps from ${photosText(done.learned)} at ${scales} in ${formatSeconds(done.seconds)}; ${ENDINGS[done.ending]}.`,
  );
  for (const line of finetuneLines(done)) terminal.result(line);
  for (const note of done.notes) terminal.note(note);
  if (done.id !== null && !done.better) {
    terminal.result('It is not better on photos that it never saw; it was kept because --keep says so.');
  }
  if (done.id === null) {
    terminal.result(
      'It is not better on photos that it never saw, so nothing was kept. More photos of one kind, or more minutes, may help; --keep keeps it all the same.',
    );
    return;
  }
  terminal.note(`It is the method ${done.id} now: enlarger upscale PHOTO -o OUT --method ${done.id}`);
  terminal.note(
    `Before and after side by side (${done.kept.join(', ')} it never saw): ` +
      `enlarger compare PHOTO -o SHEET.png --method ${done.method},${done.id} --scale ${done.scales[0]} --hide`,
  );
}

/** The broken off training of that name. */
async function brokenOff(session: EngineSession, name: string): Promise<string> {
  const jobs = (await session.call('jobs:list', {})).filter(({ kind }) => kind === 'finetune');
  const found = jobs.find(({ title, state }) => title === name && state === 'broken');
  if (found) return found.job;
  const running = jobs.find(({ title, state }) => title === name && state === 'elsewhere');
  const names = jobs.filter(({ state }) => state === 'broken').map(({ title }) => title);
  throw new FaultError(
    'not-found',
    running
      ? `Expected a training that was broken off, but ${name} is under way in another window or terminal.`
      : `Expected a training called ${name} that was broken off; there ${names.length === 0 ? 'is none' : `are: ${names.join(', ')}`}.`,
  );
}

/** Lets a broken off training go on, to its end. */
export async function resumeTraining(
  session: EngineSession,
  job: string,
  name: string,
  anew: boolean,
  terminal: Terminal,
): Promise<ExitStatus> {
  const onProgress: OnProgress = (event) => terminal.progress({ name }, event);
  const { result } = await session.resume({ job, anew }, onProgress, 'finetune:finish');
  return conclude(session, readBy(jobKinds.finetune.result, result, 'result of finetune'), terminal);
}

function conclude(session: EngineSession, done: FinetuneDone, terminal: Terminal): ExitStatus {
  tell(done, terminal);
  return session.signal.aborted ? EXIT.interrupted : EXIT.done;
}

/** Lets a method learn from photos, or goes on with a training that was broken off. */
export async function finetune(photos: readonly string[], options: FinetuneOptions): Promise<ExitStatus> {
  const { name = '', resume = false } = options;
  if (resume && name === '') throw new WrongCall('Expected --name with the training that is to go on.');
  const order = resume ? undefined : readFinetuneCall(photos, options);
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: options.json ?? false });
  const work = async (session: EngineSession): Promise<ExitStatus> => {
    if (!order) return resumeTraining(session, await brokenOff(session, name), name, false, terminal);
    await listMethods(session, [order.method.id]);
    const onProgress: OnProgress = (event) => terminal.progress({ name }, event);
    return conclude(
      session,
      await session.job('finetune', order, onProgress, { stopBy: 'finetune:finish' }),
      terminal,
    );
  };
  return withEngine(terminal, work, STOPPING);
}
