import type { Evaluation, EvaluationFailure } from '../../shared/contract';
import { readControls, refuseForeignControls, type ControlOptions } from '../controls';
import { formatSeconds } from '../durations';
import { evaluationAs, protocolLine } from '../evaluationTables';
import { EXIT, WrongCall, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { readDevice, readEvaluationFormat, readMethods, readProtocol, readScales } from '../optionValues';
import { Terminal } from '../terminal';
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
  for (const failure of evaluation.failures) terminal.problem(failureSentence(failure));
  return evaluation.failures.length > 0 ? EXIT.failed : EXIT.done;
}

export async function evaluate(options: EvaluateOptions): Promise<ExitStatus> {
  const dataset = needed('--dataset DIR', options.dataset);
  const scales = readScales(needed('--scale N[,N...]', options.scale));
  const ids = readMethods(needed('--method ID[,ID...]', options.method));
  const protocol = readProtocol(options.protocol);
  const device = readDevice(options.device);
  if (options.format !== undefined) readEvaluationFormat(options.format);
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
    terminal.note(`${formatSeconds((performance.now() - begun) / 1000)} in all.`);
    return status;
  });
}
