import type { Evaluation } from '../../shared/contract';
import { SCALE_MAX } from '../../shared/geometry';
import { formatSeconds } from '../durations';
import { EXIT, WrongCall, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { readDevice, readMethods, readProtocol, readWhole } from '../optionValues';
import { layTable, type Column } from '../table';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

export interface EvaluateOptions {
  readonly dataset?: string;
  readonly scale?: string;
  readonly method?: string;
  readonly protocol: string;
  readonly device: string;
  readonly ensemble?: boolean;
  readonly consistent?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

function needed(option: string, value: string | undefined): string {
  if (value === undefined || value === '')
    throw new WrongCall(`Expected ${option}; see enlarger evaluate --help.`);
  return value;
}

/** A table of means, a row a method; with `verbose` a row an image before each mean. */
export function evaluationLines(evaluation: Evaluation, verbose: boolean): string[] {
  const channel = evaluation.protocol === 'y' ? 'Y' : 'RGB';
  const columns: Column[] = [
    { title: 'method', align: 'left' },
    ...(verbose ? [{ title: 'image', align: 'left' } as const] : []),
    { title: `PSNR-${channel}`, align: 'right' },
    { title: `SSIM-${channel}`, align: 'right' },
  ];
  const rows = evaluation.results.flatMap(({ method, mean, images }) => {
    const row = (image: string, figures: { psnrY: number; ssimY: number }): string[] => [
      method,
      ...(verbose ? [image] : []),
      figures.psnrY.toFixed(2),
      figures.ssimY.toFixed(4),
    ];
    const each = verbose ? images.map((figures) => row(figures.file, figures)) : [];
    return [...each, row('mean', mean)];
  });
  return layTable(columns, rows);
}

export async function evaluate(options: EvaluateOptions): Promise<ExitStatus> {
  const dataset = needed('--dataset DIR', options.dataset);
  const scale = readWhole('--scale', needed('--scale N', options.scale), 2, SCALE_MAX);
  const ids = readMethods(needed('--method ID[,ID...]', options.method));
  const protocol = readProtocol(options.protocol);
  const device = readDevice(options.device);
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: options.json ?? false });

  return withEngine(terminal, async (session) => {
    await listMethods(session, ids);
    const begun = performance.now();
    const evaluation = await session.job(
      'job:evaluate',
      {
        dataset,
        scale,
        methods: ids,
        protocol,
        options: { ensemble: options.ensemble ?? false, consistent: options.consistent ?? false },
        device,
      },
      (event) => terminal.progress({ name: dataset }, event),
    );
    terminal.json(evaluation);
    const [titles = '', ...lines] = evaluationLines(evaluation, options.verbose ?? false);
    const images = evaluation.results[0]?.images.length ?? 0;
    terminal.result(`${evaluation.dataset}, ${images} images, x${scale}`);
    terminal.result(terminal.styled('bold', titles));
    for (const line of lines) terminal.result(line);
    terminal.note(
      `Originals cropped to a multiple of ${scale}, reduced with MATLAB's bicubic, a border of ${scale} pixels left out; ${formatSeconds((performance.now() - begun) / 1000)}.`,
    );
    return EXIT.done;
  });
}
