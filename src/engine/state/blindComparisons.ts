import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { blindComparisonSchema, blindIdSchema, type BlindComparison } from '../../shared/blind';
import { FaultError } from '../../shared/faults';
import { Mutex } from '../../shared/mutex';
import { readRegularFile } from './regularFile';
import { replaceFile } from './replaceFile';

const ENDING = '.json';

/**
 * The blind comparisons that are kept: a JSON file each, always replaced whole, so that an answer that was given is
 * there whatever happens next. Another engine may write beside this one: files are read whenever they are asked for.
 */
export class BlindComparisons {
  private readonly oneAtATime = new Mutex();
  private readonly told = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly notice: (sentence: string) => void,
  ) {}

  /** All there are, the oldest first. One that cannot be read is left out and told once; its file stays. */
  async list(): Promise<BlindComparison[]> {
    const names = await readdir(this.folder).catch((): string[] => []);
    const ids = names.flatMap((name) => (name.endsWith(ENDING) ? [name.slice(0, -ENDING.length)] : []));
    const found = await Promise.all(ids.map((id) => this.read(id)));
    return found.flatMap((one) => one ?? []).sort((a, b) => a.begunAt - b.begunAt);
  }

  /** Throws `not-found` where there is none that can be read. */
  async get(id: string): Promise<BlindComparison> {
    const found = v.is(blindIdSchema, id) ? await this.read(id) : undefined;
    if (found) return found;
    throw new FaultError(
      'not-found',
      `Expected a blind comparison that is kept, received ${id}; begin a new one.`,
    );
  }

  /** Keeps a new one; throws `output-unwritable`. */
  put(comparison: BlindComparison): Promise<void> {
    return this.oneAtATime.run(() => this.write(comparison));
  }

  /** Changes one as it is on disk at that moment, and answers with what it is then. Throws as `get` and `put` do. */
  change(id: string, to: (now: BlindComparison) => BlindComparison): Promise<BlindComparison> {
    return this.oneAtATime.run(async () => {
      const next = to(await this.get(id));
      await this.write(next);
      return next;
    });
  }

  remove(id: string): Promise<void> {
    return this.oneAtATime.run(() => rm(this.pathOf(id), { force: true }));
  }

  private pathOf(id: string): string {
    return join(this.folder, `${v.parse(blindIdSchema, id)}${ENDING}`);
  }

  private async read(id: string): Promise<BlindComparison | undefined> {
    const path = join(this.folder, `${id}${ENDING}`);
    try {
      const text = (await readRegularFile(path)).toString('utf8');
      return v.parse(blindComparisonSchema, JSON.parse(text));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !this.told.has(path)) {
        this.told.add(path);
        this.notice(`Expected a blind comparison in ${path}, but it cannot be read and is left out.`);
      }
      return undefined;
    }
  }

  private async write(comparison: BlindComparison): Promise<void> {
    const path = this.pathOf(comparison.id);
    try {
      await replaceFile(path, `${JSON.stringify(comparison, null, 1)}\n`);
    } catch (error) {
      throw new FaultError(
        'output-unwritable',
        `Expected to be able to keep answers in ${this.folder}, but could not; make it writable, or set ENLARGER_HOME to a folder that is.`,
        { file: path, detail: String(error) },
      );
    }
  }
}
