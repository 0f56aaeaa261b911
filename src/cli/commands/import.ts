import { resolve } from 'node:path';
import type { ImportFindings, MetricFile } from '../../shared/contract';
import { EXIT, type ExitStatus } from '../exitStatus';
import { readMetric } from '../optionValues';
import { layTable } from '../../shared/textTable';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

export interface ImportOptions {
  readonly name?: string;
  readonly licence?: string;
  readonly source?: string;
  readonly check?: boolean;
  readonly metric?: string;
  readonly json?: boolean;
}

/** Sizes that the model takes. */
function sidesOf({ multiple, only }: ImportFindings): string {
  if (only) return `${only.width} x ${only.height} only: photos are cut into tiles of that`;
  return multiple === 1 ? 'any' : `multiples of ${multiple}; pictures are filled up to them`;
}

function lookOf({ overlap, means }: ImportFindings): string {
  if (overlap === null) return 'further than tiles can read: they fade into each other';
  return `${overlap} pixels far${means > 0 ? ', beside means over the whole photo' : ''}`;
}

/** What was found, a line each. */
export function findingLines(found: ImportFindings): string[] {
  const { scale, channels, order, orderIsCertain } = found;
  const colours = channels === 1 ? 'luma alone; colours are enlarged bicubically' : order;
  return layTable(
    [
      { title: 'what', align: 'left' },
      { title: 'found', align: 'left' },
    ],
    [
      ['scale', scale === 1 ? 'x1: it refines what the bicubic enlarged' : `x${scale}`],
      ['colours', orderIsCertain ? colours : `${colours} (taken: both orders give the same)`],
      ['values', found.range],
      ['layout', found.layout],
      ['sides', sidesOf(found)],
      ['looks', lookOf(found)],
      ['weights', String(found.weights)],
      ['work', `${found.macsPerPixel} multiplications a source pixel`],
      ['memory', `${found.liveBytesPerPixel} bytes a source pixel, beside its weights`],
      ['test', `its reduced result is ${found.consistencyDb.toFixed(1)} dB from what went in`],
    ],
  ).slice(1);
}

/** Installs a metric's file. */
async function importMetric(metric: MetricFile, file: string, json: boolean): Promise<ExitStatus> {
  const terminal = new Terminal({ quiet: false, json });
  return withEngine(terminal, async (session) => {
    const { path } = await session.call('metric:install', { metric, path: resolve(file) });
    terminal.json({ metric, path });
    terminal.result(`${metric.toUpperCase()} is measured from now on; its file is ${path}`);
    return EXIT.done;
  });
}

/** Takes a model over as a method; with `--check` only says what was found, with `--metric` installs a metric's file. */
export async function importMethod(model: string, options: ImportOptions): Promise<ExitStatus> {
  if (options.metric !== undefined) {
    return importMetric(readMetric(options.metric), model, options.json ?? false);
  }
  const { name, licence, source, check = false, json = false } = options;
  const terminal = new Terminal({ quiet: false, json });
  return withEngine(terminal, async (session) => {
    const order = { path: resolve(model), name, licence, source, keep: !check };
    const done = await session.job('import', order, (event) => terminal.progress({ name: model }, event));
    terminal.json({ id: done.id, kept: done.kept, ...done.findings });
    for (const line of done.findings ? findingLines(done.findings) : []) terminal.result(line);
    if (done.kept)
      terminal.note(`It is the method ${done.id} now: enlarger upscale PHOTO -o OUT --method ${done.id}`);
    return EXIT.done;
  });
}
