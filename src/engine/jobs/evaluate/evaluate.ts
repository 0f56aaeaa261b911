import { basename, resolve } from 'node:path';
import { readBy, type Evaluation } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { protocolBorder } from '../../../shared/protocols';
import { benchmarkPair } from '../../kernels/metrics/benchmarkPair';
import type { Raster } from '../../kernels/raster';
import type { Method } from '../../methods/method';
import type { Catalogue } from '../../methods/catalogue';
import type { Gauges } from '../../metrics/gauges';
import type { Lpips } from '../../metrics/lpips';
import type { LastingJob } from '../job';
import type { JobKind, Work } from '../kind';
import { recover } from '../recover';
import { leaseTogether, type LeasedPhotos } from '../upscale/source';
import { EvaluationRun } from './evaluationRun';
import { figuresOf } from './figures';
import type { LiveEvaluations } from './liveEvaluations';
import {
  evaluatedBy,
  progressOf,
  storedEvaluationSchema,
  type EvaluateMark,
  type EvaluationPlan,
  type StoredEvaluation,
} from './marks';
import { originalsOf, originalsOfPhotos, stampOf, type EvaluateFiles, type Original } from './originals';
import { evaluationOf } from './summary';

export interface EvaluateParts {
  readonly catalogue: Pick<Catalogue, 'get'>;
  readonly files: EvaluateFiles;
  readonly gauges: Pick<Gauges, 'openLpips'>;
  readonly photos: LeasedPhotos;
  readonly live: LiveEvaluations;
  /** Of Enlarger. */
  readonly version: string;
}

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
    const { catalogue, files, gauges, live } = this.parts;
    const { stored } = this;
    const methods = stored.methods.map(({ id, sum }) => catalogue.get(id, sum));
    const { originals, unread } = await originalsOf(stored, files);
    const already = evaluatedBy(job.marks);
    if (!already.plan) await job.mark((await this.plan(originals)) satisfies EvaluateMark);
    const run = new EvaluationRun(
      stored,
      job,
      [...already.measured],
      [...already.failures],
      originals.length,
    );
    const reached = (): Evaluation => evaluationOf(stored, run.measured, run.failures, unread);
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
    const { catalogue, files, version } = this.parts;
    const all = originals ?? (await originalsOf(this.stored, files)).originals;
    const images = await Promise.all(all.map(stampOf));
    const methods = this.stored.methods.map(({ id, sum }) => `${id}@${catalogue.get(id, sum).card.sum}`);
    return { mark: 'planned', version, images, methods };
  }
}

/** See `EvaluateWork`; it outlives its engine. */
export const evaluateKind = (parts: EvaluateParts): JobKind<'evaluate'> => ({
  begin: ({ dataset, photos: tokens, ...order }, client) => {
    for (const { id, sum } of order.methods) parts.catalogue.get(id, sum); // throws where there is none
    const stored = { ...order, dataset, folder: resolve(dataset) };
    if (!tokens) return Promise.resolve(new EvaluateWork(stored, parts));
    const { chosen, end } = leaseTogether(parts.photos, client, (lease) =>
      originalsOfPhotos(tokens.map(lease)),
    );
    return Promise.resolve(new EvaluateWork({ ...stored, originals: chosen }, parts, end));
  },
  revive: (stored) => new EvaluateWork(readBy(storedEvaluationSchema, stored, 'order of a job'), parts),
});
