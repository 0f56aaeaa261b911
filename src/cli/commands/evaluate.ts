import type { Evaluation } from '../../shared/contract';
import { SCALE_MAX } from '../../shared/geometry';
import { readControls, refuseForeignControls, type ControlOptions } from '../controls';
import { formatSeconds } from '../durations';
import { EXIT, WrongCall, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { readDevice, readMethods, readProtocol, readWhole } from '../optionValues';
import { layTable, type Column } from '../table';
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
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const NONE = '-';

function needed(option: string, value: string | undefined): string {
  if (value === undefined || value === '')
    throw new WrongCall(`Expected ${option}; see enlarger evaluate --help.`);
  return value;
}

/** A table of means, a row a method; with `verbose` a row an image before each mean. */
export function evaluationLines(evaluation: Evaluation, verbose: boolean): string[] {
  const rgb = evaluation.protocol === 'rgb';
  const columns: Column[] = [
    { title: 'method', align: 'left' },
    ...(verbose ? [{ title: 'image', align: 'left' } as const] : []),
    ...(rgb ? [{ title: 'PSNR-RGB', align: 'right' } as const] : []),
    { title: 'PSNR-Y', align: 'right' },
    { title: 'SSIM-Y', align: 'right' },
    { title: 'LPIPS', align: 'right' },
  ];
  const rows = evaluation.results.flatMap(({ method, mean, images }) => {
    const row = (image: string, figures: typeof mean): string[] => [
      method,
      ...(verbose ? [image] : []),
      ...(rgb ? [figures.psnrRgb?.toFixed(2) ?? NONE] : []),
      figures.psnrY.toFixed(2),
      figures.ssimY.toFixed(4),
      figures.lpips?.toFixed(4) ?? NONE,
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
  const turned = readControls(options);
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: options.json ?? false });

  return withEngine(terminal, async (session) => {
    refuseForeignControls(turned, ids, await listMethods(session, ids));
    const begun = performance.now();
    const evaluation = await session.job(
      'evaluate',
      {
        dataset,
        scale,
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
    terminal.json(evaluation);
    const [titles = '', ...lines] = evaluationLines(evaluation, options.verbose ?? false);
    const images = evaluation.results[0]?.images.length ?? 0;
    terminal.result(`${evaluation.dataset}, ${images} images, x${scale}`);
    terminal.result(terminal.styled('bold', titles));
    for (const line of lines) terminal.result(line);
    const border = protocol === 'y' ? `${scale}` : `${scale} + 6`;
    terminal.note(
      `Originals cropped to a multiple of ${scale}, reduced with MATLAB's bicubic, a border of ${border} pixels left out; ${formatSeconds((performance.now() - begun) / 1000)}.`,
    );
    if (evaluation.results.some(({ mean }) => mean.lpips === null)) terminal.note(NO_LPIPS);
    return EXIT.done;
  });
}
