import { basename } from 'node:path';
import { jobKinds, readBy, type JobLine, type JobStage } from '../../shared/contract';
import { formatSeconds } from '../durations';
import type { EngineSession } from '../engineSession';
import { EXIT, WrongCall, type ExitStatus } from '../exitStatus';
import { layTable } from '../../shared/textTable';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';
import { tellEvaluation } from './evaluate';
import { resumeTraining } from './finetune';

export interface JobsOptions {
  readonly resume?: string;
  readonly anew?: boolean;
  readonly drop?: string;
  readonly json?: boolean;
}

const STATES: Partial<Record<JobLine['state'], string>> = {
  broken: 'broken off',
  elsewhere: 'runs in another window or terminal',
};

/** What a stage is counted in, where it is not tiles. */
const UNITS: Partial<Record<JobStage, string>> = { learn: 'steps', measure: 'measured' };

const reachedOf = ({ progress }: JobLine): string =>
  progress === null
    ? 'nothing yet'
    : `${progress.done}/${progress.total} ${UNITS[progress.stage] ?? 'tiles'}`;

/** A row a job: id, state, how far it came, since when, what it is. */
export function jobLines(jobs: readonly JobLine[]): string[] {
  const columns = ['id', 'state', 'reached', 'begun', 'photo or name'].map(
    (title) => ({ title, align: 'left' }) as const,
  );
  const rows = jobs.map((line) => [
    line.job,
    STATES[line.state] ?? line.state,
    reachedOf(line),
    new Date(line.begunAt).toLocaleString(),
    line.title,
  ]);
  return layTable(columns, rows);
}

export const jobJson = ({ job, kind, title, state, begunAt, progress, fault }: JobLine) => ({
  id: job,
  kind,
  title,
  state,
  begun: new Date(begunAt).toISOString(),
  done: progress?.done ?? 0,
  total: progress?.total ?? null,
  ...(state === 'failed' && fault && { error: fault.message }),
});

async function resume(
  session: EngineSession,
  job: string,
  anew: boolean,
  terminal: Terminal,
): Promise<ExitStatus> {
  const { path: output } = await session.call('job:place', { job });
  const line = await session.resume({ job, anew }, (event) =>
    terminal.progress({ name: basename(output) }, event),
  );
  const { width, height, seconds, device, notes } = readBy(
    jobKinds.upscale.result,
    line.result,
    'result of upscale',
  );
  terminal.json({ id: job, title: line.title, output, width, height, seconds, device });
  terminal.say(`${line.title} -> ${output}  ${width} x ${height}, ${formatSeconds(seconds)} on ${device}`);
  for (const note of notes) terminal.note(`${line.title}: ${note}`);
  return EXIT.done;
}

async function resumeEvaluation(
  session: EngineSession,
  { job, title }: JobLine,
  anew: boolean,
  json: boolean,
  terminal: Terminal,
): Promise<ExitStatus> {
  const line = await session.resume({ job, anew }, (event) => terminal.progress({ name: title }, event));
  const evaluation = readBy(jobKinds.evaluate.result, line.result, 'result of evaluate');
  return tellEvaluation(evaluation, { json }, terminal);
}

/** Lists what was broken off, lets it go on, or drops it. */
export async function jobs(options: JobsOptions): Promise<ExitStatus> {
  const { resume: toResume, drop: toDrop, anew = false } = options;
  if (toResume !== undefined && toDrop !== undefined) {
    throw new WrongCall('Expected one of --resume and --drop, received both.');
  }
  if (anew && toResume === undefined) throw new WrongCall('Expected --anew only with --resume ID.');
  const terminal = new Terminal({ quiet: false, json: options.json ?? false });
  return withEngine(terminal, async (session) => {
    const all = await session.call('jobs:list', {});
    const known = all.find(({ job }) => job === (toResume ?? toDrop));
    if (toResume !== undefined) {
      if (known?.kind === 'finetune') return resumeTraining(session, toResume, known.title, anew, terminal);
      if (known?.kind === 'evaluate')
        return resumeEvaluation(session, known, anew, options.json ?? false, terminal);
      return resume(session, toResume, anew, terminal);
    }
    if (toDrop !== undefined) {
      if (!known) await session.call('job:place', { job: toDrop }); // says which there are, where it is none of them
      await session.call('job:drop', { job: toDrop });
      terminal.json({ id: toDrop, dropped: true });
      terminal.say(`${toDrop} is dropped.`);
      return EXIT.done;
    }
    terminal.json(all.map(jobJson));
    for (const text of all.length === 0 ? ['No jobs were broken off.'] : jobLines(all)) terminal.result(text);
    return EXIT.done;
  });
}
