import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  readBy,
  type Evaluation,
  type EvaluationFailure,
  type Figures,
  type Page,
} from '../../../shared/contract';
import { FaultError, faultOf } from '../../../shared/faults';
import { distinctNames } from '../../../shared/fileName';
import type { FilePhoto } from '../../codec/read/open';
import { protocolBorder } from '../../../shared/protocols';
import { measure, measureLuma } from '../../kernels/metrics';
import { benchmarkPair } from '../../kernels/metrics/benchmarkPair';
import { consistency } from '../../kernels/metrics/consistency';
import { IDENTICAL_DB } from '../../kernels/metrics/psnr';
import type { Raster } from '../../kernels/raster';
import type { Method } from '../../methods/method';
import type { Catalogue } from '../../methods/catalogue';
import type { Gauges } from '../../metrics/gauges';
import type { Lpips } from '../../metrics/lpips';
import type { LastingJob } from '../job';
import type { JobKind, Work } from '../kind';
import { recover } from '../recover';
import { leaseTogether, type LeasedPhotos } from '../upscale/source';
import type { LiveEvaluations, Original } from './liveEvaluations';
import {
  coversMeasurement,
  doneOf,
  evaluatedBy,
  measurementsOf,
  progressOf,
  storedEvaluationSchema,
  type EvaluateMark,
  type EvaluationPlan,
  type ImageStamp,
  type Measured,
  type StoredEvaluation,
} from './marks';
import { evaluationOf } from './summary';

export interface EvaluateFiles {
  listImages(folder: string): Promise<string[]>;
  readWhole(path: string, signal: AbortSignal, page?: Page): Promise<Raster>;
}

export interface EvaluateParts {
  readonly catalogue: Pick<Catalogue, 'get'>;
  readonly files: EvaluateFiles;
  readonly gauges: Pick<Gauges, 'openLpips'>;
  readonly photos: LeasedPhotos;
  readonly live: LiveEvaluations;
  /** Of Enlarger. */
  readonly version: string;
}

/** The figures of a result by a protocol. */
export async function figuresOf(
  { original, input, result }: { original: Raster; input: Raster; result: Raster },
  { protocol, scale }: { protocol: StoredEvaluation['protocol']; scale: number },
  job: Pick<LastingJob, 'signal' | 'turn'>,
  lpips: Lpips | undefined,
): Promise<Figures> {
  const border = protocolBorder(protocol, scale);
  const ofColours = protocol === 'rgb' ? measure(original, result, { border, protocol }) : undefined;
  const found = ofColours ?? measureLuma(original, result, { border });
  const distance = (await lpips?.distance(original, result, border, job)) ?? null;
  return {
    psnrY: found.psnrY ?? IDENTICAL_DB,
    ssimY: found.ssimY,
    ...(ofColours && { psnrRgb: ofColours.psnrRgb ?? IDENTICAL_DB }),
    ...(ofColours?.ssimRgb !== undefined && { ssimRgb: ofColours.ssimRgb }),
    lpips: distance,
    consistency: consistency(input, result) ?? IDENTICAL_DB,
  };
}

const stampOf = async ({ path, file }: Original): Promise<ImageStamp> => {
  const { size, mtimeMs } = await stat(path);
  return { file, bytes: size, changedAt: mtimeMs };
};

/**
 * Every figure of this project: each original of a folder is cropped to a multiple of the scale, reduced with MATLAB's
 * bicubic, enlarged by each method, and compared by a protocol (`PROTOCOLS`); LPIPS is of the same part of the
 * pictures. A picture that cannot be read or is too small is named, and the others are measured. Each measurement is a
 * mark in the ledger: another engine goes on with the next.
 */
class EvaluateWork implements Work<'evaluate'> {
  readonly title: string;

  constructor(
    readonly stored: StoredEvaluation,
    private readonly parts: EvaluateParts,
    private readonly end: () => void = () => undefined,
  ) {
    this.title = stored.originals ? stored.dataset : basename(stored.folder);
  }

  /** Photos that were open for it are let go. */
  release(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  reached(marks: readonly unknown[]) {
    return progressOf(this.stored, marks);
  }

  async check(marks: readonly unknown[]): Promise<void> {
    const { plan } = evaluatedBy(marks);
    if (!plan) return;
    const now = await this.plan();
    const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
    const what = !same(now.images, plan.images)
      ? 'the pictures'
      : !same(now.methods, plan.methods)
        ? 'the methods'
        : now.version === plan.version
          ? undefined
          : 'Enlarger';
    if (what === undefined) return;
    throw new FaultError(
      'bad-option',
      `Expected ${what} as they were when the evaluation of ${this.title} began, but there was a change since; begin it anew, or drop it.`,
      { file: this.title },
    );
  }

  async run(job: LastingJob): Promise<Evaluation> {
    const { catalogue, gauges, live } = this.parts;
    const { stored } = this;
    const methods = stored.methods.map(({ id, sum }) => catalogue.get(id, sum));
    const originals = await this.originals();
    const already = evaluatedBy(job.marks);
    if (!already.plan) await job.mark((await this.plan(originals)) satisfies EvaluateMark);
    const run = new EvaluationRun(
      stored,
      job,
      [...already.measured],
      [...already.failures],
      originals.length,
    );
    const reached = (): Evaluation => evaluationOf(stored, run.measured, run.failures);
    live.begin(job.id, { stored, originals, reached });
    const lpips = await gauges.openLpips();
    try {
      for (const original of originals) await this.measureImage(original, methods, run, lpips);
    } finally {
      await lpips?.release();
    }
    run.tell();
    return reached();
  }

  /** What is measured on, in its order. */
  private async originals(): Promise<readonly Original[]> {
    const { originals, folder } = this.stored;
    if (originals) return originals;
    const paths = await this.parts.files.listImages(folder);
    return paths.map((path) => ({ path, file: basename(path) }));
  }

  private async measureImage(
    { path, file, page }: Original,
    methods: readonly Method[],
    run: EvaluationRun,
    lpips: Lpips | undefined,
  ): Promise<void> {
    const { stored } = this;
    const isDone = (scale: number): boolean => stored.methods.every(({ id }) => run.has(file, scale, id));
    if (stored.scales.every(isDone)) return;
    await run.orFailed({ file }, async () => {
      const picture = await this.parts.files.readWhole(path, run.job.signal, page);
      for (const scale of stored.scales) {
        if (!isDone(scale)) await this.measureScale(picture, file, scale, methods, run, lpips);
      }
    });
  }

  private async measureScale(
    picture: Raster,
    file: string,
    scale: number,
    methods: readonly Method[],
    run: EvaluationRun,
    lpips: Lpips | undefined,
  ): Promise<void> {
    const { options, device, protocol } = this.stored;
    await run.orFailed({ file, scale }, async () => {
      const pair = benchmarkPair(picture, scale);
      const border = protocolBorder(protocol, scale);
      if (!pair || Math.min(pair.original.width, pair.original.height) <= 2 * border) {
        const least = Math.max(Math.ceil(scale), 2 * border + 1);
        throw new FaultError(
          'bad-scale',
          `Expected pictures of at least ${least} x ${least} pixels for x${scale} (protocol ${protocol} leaves out a border of ${border}); ${file} has ${picture.width} x ${picture.height}.`,
          { file },
        );
      }
      for (const method of methods) {
        if (run.has(file, scale, method.id)) continue;
        run.tell(`x${scale} ${method.id} ${file}`);
        await run.orFailed({ file, scale, method: method.id }, async () => {
          const settings = { ...options, device, patient: true };
          const { result, seconds, peakMiB } = await recover(method, pair.input, scale, settings, run.job);
          const figures = await figuresOf({ ...pair, result }, { protocol, scale }, run.job, lpips);
          await run.add({ mark: 'measured', file, scale, method: method.id, figures, seconds, peakMiB });
        });
      }
    });
  }

  private async plan(originals?: readonly Original[]): Promise<EvaluationPlan> {
    const { catalogue, version } = this.parts;
    const images = await Promise.all((originals ?? (await this.originals())).map(stampOf));
    const methods = this.stored.methods.map(({ id, sum }) => `${id}@${catalogue.get(id, sum).card.sum}`);
    return { mark: 'planned', version, images, methods };
  }
}

/** One run's results, in the ledger as they come. */
class EvaluationRun {
  constructor(
    private readonly order: StoredEvaluation,
    readonly job: LastingJob,
    readonly measured: Measured[],
    readonly failures: EvaluationFailure[],
    private readonly images: number,
  ) {}

  has(file: string, scale: number, method: string): boolean {
    return (
      this.measured.some((one) => one.file === file && one.scale === scale && one.method === method) ||
      this.failures.some(coversMeasurement(file, scale, method))
    );
  }

  async add(mark: Measured): Promise<void> {
    await this.job.mark(mark, 'further');
    this.measured.push(mark);
  }

  /** Does the work; what goes wrong with it, but for a stop, is named and the rest goes on. */
  async orFailed(of: Omit<EvaluationFailure, 'error'>, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.job.signal.aborted) throw error;
      const failure = { ...of, error: faultOf(error).message };
      await this.job.mark({ mark: 'failed', failure } satisfies EvaluateMark, 'further');
      this.failures.push(failure);
    }
  }

  tell(label?: string): void {
    const total = measurementsOf(this.images, this.order);
    const done = label === undefined ? total : Math.min(total, doneOf(this.order, this));
    this.job.progress('measure', done, total, label);
  }
}

/** Open photos as originals, told apart by their names. */
function originalsOf(photos: readonly FilePhoto[]): Original[] {
  const names = distinctNames(photos.map(({ info }) => info.name));
  return photos.map(({ path, page }, k) => {
    const original = { path, file: names[k]! };
    return page === 1 ? original : { ...original, page };
  });
}

/** See `EvaluateWork`; it outlives its engine. */
export const evaluateKind = (parts: EvaluateParts): JobKind<'evaluate'> => ({
  begin: ({ dataset, photos: tokens, ...order }, client) => {
    for (const { id, sum } of order.methods) parts.catalogue.get(id, sum); // throws where there is none
    const stored = { ...order, dataset, folder: resolve(dataset) };
    if (!tokens) return Promise.resolve(new EvaluateWork(stored, parts));
    const { chosen, end } = leaseTogether(parts.photos, client, (lease) => originalsOf(tokens.map(lease)));
    return Promise.resolve(new EvaluateWork({ ...stored, originals: chosen }, parts, end));
  },
  revive: (stored) => new EvaluateWork(readBy(storedEvaluationSchema, stored, 'order of a job'), parts),
});
