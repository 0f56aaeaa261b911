import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { readBy, type JobProgress, type UpscaleDone } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import type { Method } from '../../methods/method';
import type { LastingJob } from '../job';
import type { JobKind, Revival, Work } from '../kind';
import { fillCanvas } from './fillCanvas';
import { reachedBy } from './marks';
import { openCanvas } from './openCanvas';
import { isSameOrder, outputOf, storedOrderSchema, type StoredOrder } from './order';
import { isPlaced, removeLeftovers } from './outputs';
import type { UpscaleParts, UpscaleRun } from './parts';
import { prepare } from './prepare';
import { keepPhoto, KEPT_PHOTO, leaseOf, sourcePath, stampOf, type HeldPhoto } from './source';
import { writeOutputs } from './writeOutputs';

/** Enlarges a photo, or a region of it, into a file that appears whole or not at all. */
export function upscaleKind(parts: UpscaleParts): JobKind<'upscale'> {
  return {
    begin: async (order, client, makeFolder) => {
      const { photo: token, method } = order.enlargement;
      parts.catalogue.get(method.id, method.sum); // throws where there is none
      const held = leaseOf(parts.photos, client, token);
      const { path, page, temporary, info } = held.photo;
      try {
        // The folder is there from the start: pixels go into it, and what a page sent is kept in it.
        const folder = await makeFolder();
        const kept = temporary ? await keepPhoto(path, info.name, folder) : path;
        const source = {
          path: kept,
          name: info.name,
          kept: temporary,
          ...(page === 1 ? {} : { page }),
        };
        return new Upscale({ order, source, from: process.cwd() }, parts, held);
      } catch (error) {
        await held.end();
        throw error;
      }
    },
    revive: (stored, { folder, output, anew }: Revival) => {
      const found = readBy(storedOrderSchema, stored, 'order of a job');
      const { source, order, from } = found;
      const { enlargement } = order;
      const method = anew ? { id: enlargement.method.id } : enlargement.method;
      return new Upscale(
        {
          order: { ...order, enlargement: { ...enlargement, method }, output: output ?? order.output },
          source: source.kept ? { ...source, path: join(folder, KEPT_PHOTO) } : source,
          from,
        },
        parts,
      );
    },
  };
}

class Upscale implements Work<'upscale'> {
  readonly title: string;
  readonly path: string;
  readonly inputs = [KEPT_PHOTO];

  constructor(
    readonly stored: StoredOrder,
    private readonly parts: UpscaleParts,
    private held?: HeldPhoto,
  ) {
    this.title = stored.source.name;
    this.path = resolve(outputOf(stored).path);
  }

  reached(marks: readonly unknown[]): JobProgress | null {
    const { plan, tiles } = reachedBy(marks);
    if (!plan) return null;
    return { stage: 'enlarge', done: tiles.size, total: plan.columns * plan.rows, secondsLeft: null };
  }

  async check(marks: readonly unknown[]): Promise<void> {
    const { plan } = reachedBy(marks);
    const { order, source } = this.stored;
    const stamp = await stampOf(this.stored);
    const method = this.parts.catalogue.get(order.enlargement.method.id);
    if (!plan) return;
    const changed = (what: string): never => {
      throw new FaultError(
        'bad-option',
        `Expected ${what} as it was when the job began, but it has changed since; begin the job anew, or drop it.`,
        { file: source.name },
      );
    };
    if (stamp.bytes !== plan.photo.bytes || stamp.changedAt !== plan.photo.changedAt) changed(source.name);
    if (method.card.sum !== plan.method) changed(`the method ${method.id}`);
    if (plan.version !== this.parts.version) changed('Enlarger');
  }

  isFor(stored: unknown): boolean {
    const other = v.safeParse(storedOrderSchema, stored);
    return other.success && isSameOrder(this.stored, other.output);
  }

  async release(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    await held?.end();
  }

  async isThere(marks: readonly unknown[]): Promise<boolean> {
    const reached = reachedBy(marks);
    const { path, invented } = outputOf(this.stored);
    for (const target of invented === undefined ? [path] : [path, invented]) {
      if (!(await isPlaced(reached, target))) return false;
    }
    return true;
  }

  clear(marks: readonly unknown[]): Promise<void> {
    return removeLeftovers(reachedBy(marks));
  }

  run(job: LastingJob): Promise<UpscaleDone> {
    const { id, sum } = this.stored.order.enlargement.method;
    // A method that goes while it is in use stays until it is not.
    return this.parts.catalogue.during(id, sum, (method) => this.enlarge(method, job));
  }

  private async enlarge(method: Method, job: LastingJob): Promise<UpscaleDone> {
    const { parts, stored } = this;
    const started = performance.now();
    const reached = reachedBy(job.marks);
    const devices = new Set<string>(reached.devices);
    const run: UpscaleRun = { parts, stored, job, reached, devices };
    await removeLeftovers(reached);
    const held = await this.hold(job.signal);
    try {
      const prepared = await prepare(run, held.photo, method);
      const { canvas, isOld } = await openCanvas(run, prepared);
      try {
        await fillCanvas(run, { canvas, isOld }, prepared);
        const flaws = await held.photo.flaws(job.signal);
        const notes = await writeOutputs(run, canvas, prepared);
        const { width, height } = prepared.part;
        return {
          width,
          height,
          seconds: (isOld ? reached.seconds : 0) + (performance.now() - started) / 1e3,
          device: [...devices].join(' + ') || 'cpu',
          // What 16 bits lost to 8 is known to the plan alone: the scratch has 8 already.
          notes: [...new Set([...flaws, ...prepared.encoding.notes, ...notes])],
          ...(canvas.map && { invented: canvas.strength }),
        };
      } finally {
        await canvas.close();
      }
    } finally {
      await held.end();
    }
  }

  /** The photo: as it is open already, or opened anew. */
  private async hold(signal: AbortSignal): Promise<HeldPhoto> {
    const { held, parts, stored } = this;
    this.held = undefined;
    if (held) {
      // What a page sent may be deleted at any moment: as long as it is being decoded, the job's own copy is read.
      if (!stored.source.kept || held.photo.decoded() === 1) return held;
      await held.end();
    }
    const { scratchFolder } = parts;
    const photo = await parts.files.openPhoto(sourcePath(stored), {
      name: stored.source.name,
      page: stored.source.page,
      scratchFolder,
      signal,
    });
    return { photo, end: () => photo.close() };
  }
}
