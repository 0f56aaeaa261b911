import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Evaluation, EvaluationFailure } from '../../shared/contract';
import { readControls, refuseForeignControls, type ControlOptions } from '../controls';
import { formatSeconds } from '../durations';
import { evaluationAs, protocolLine } from '../../shared/evaluationTables';
import { EXIT, WrongCall, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { readDevice, readEvaluationFormat, readMethods, readProtocol, readScales } from '../optionValues';
import { Terminal } from '../terminal';
import { tradeoffPlot } from '../../shared/tradeoffPlot';
import { unreadSentence } from '../unreadFiles';
import { withEngine } from '../withEngine';
import { NO_LPIPS } from './metrics';

export interface EvaluateOptions extends ControlOptions {
  readonly dataset?: string;
  readonly scale?: string;
  readonly method?: string;
  readonly protocol: string;
  readonly device: string;
  readonly ensemble?: boolean;
  readonly cascade?: boolean;
  readonly consistent?: boolean;
  readonly format?: string;
  readonly plot?: string;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

function needed(option: string, value: string | undefined): string {
  if (value === undefined || value === '')
    throw new WrongCall(`Expected ${option}; see enlarger evaluate --help.`);
  return value;
}

/** A picture that could not be measured, in one sentence. */
const failureSentence = ({ file, scale, method, error }: EvaluationFailure): string =>
  `${[file, scale === undefined ? '' : `x${scale}`, method ?? ''].filter((part) => part !== '').join(' ')}: ${error}`;

/** Prints an evaluation; 1 where something could not be measured. */
export function tellEvaluation(
  evaluation: Evaluation,
  { format, verbose, json }: { format?: string; verbose?: boolean; json?: boolean },
  terminal: Terminal,
): ExitStatus {
  const chosen = json ? 'json' : readEvaluationFormat(format ?? 'text');
  const [titles = '', ...lines] = evaluationAs(chosen, evaluation, verbose ?? false);
  const images = evaluation.scales.flatMap(({ results }) => results.map(({ n }) => n));
  const isText = chosen === 'text';
  if (isText) {
    const scales = evaluation.scales.map(({ scale }) => `x${scale}`).join(', ');
    terminal.result(`${evaluation.dataset}, ${Math.max(0, ...images)} images, ${scales}`);
  }
  terminal.machine(isText ? terminal.styled('bold', titles) : titles);
  for (const line of lines) terminal.machine(line);
  terminal.note(
    `Originals cropped to a multiple of the scale, reduced with MATLAB's bicubic; ${protocolLine(evaluation)}.`,
  );
  const means = evaluation.scales.flatMap(({ results }) => results.map(({ mean }) => mean));
  if (means.some(({ lpips }) => lpips === null)) terminal.note(NO_LPIPS);
  const left = unreadSentence(evaluation.unread ?? []);
  if (left !== undefined) terminal.note(left);
  for (const failure of evaluation.failures) terminal.problem(failureSentence(failure));
  return evaluation.failures.length > 0 ? EXIT.failed : EXIT.done;
}

/** Draws the methods by PSNR and LPIPS into a file that is not there yet. */
async function drawPlot(evaluation: Evaluation, path: string, terminal: Terminal): Promise<void> {
  const svg = tradeoffPlot(evaluation);
  if (svg === undefined) {
    terminal.note(`${path} was not drawn: it needs LPIPS. ${NO_LPIPS}`);
    return;
  }
  await writeFile(path, svg, { flag: 'wx' });
}

export async function evaluate(options: EvaluateOptions): Promise<ExitStatus> {
  const dataset = needed('--dataset DIR', options.dataset);
  const scales = readScales(needed('--scale N[,N...]', options.scale));
  const ids = readMethods(needed('--method ID[,ID...]', options.method));
  const protocol = readProtocol(options.protocol);
  const device = readDevice(options.device);
  if (options.format !== undefined) readEvaluationFormat(options.format);
  if (options.plot !== undefined && existsSync(options.plot)) {
    throw new WrongCall(`Expected --plot to name a file that is not there yet, but ${options.plot} is.`);
  }
  const turned = readControls(options);
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: options.json ?? false });

  return withEngine(terminal, async (session) => {
    refuseForeignControls(turned, ids, await listMethods(session, ids));
    const begun = performance.now();
    const evaluation = await session.job(
      'evaluate',
      {
        dataset,
        scales,
        methods: ids.map((id) => ({ id })),
        protocol,
        options: {
          ensemble: options.ensemble ?? false,
          consistent: options.consistent ?? false,
          cascade: options.cascade ?? false,
          ...turned,
        },
        device,
      },
      (event) => terminal.progress({ name: dataset }, event),
    );
    const status = tellEvaluation(evaluation, options, terminal);
    if (options.plot !== undefined) await drawPlot(evaluation, options.plot, terminal);
    terminal.note(`${formatSeconds((performance.now() - begun) / 1000)} in all.`);
    return status;
  });
}
