import { randomUUID } from 'node:crypto';
import { link, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isHeld } from '../../privateFolders/lifeSign';

const NAME = /^claim-(\d{6})$/;
const nameOf = (n: number): string => `claim-${String(n).padStart(6, '0')}`;
/** Where a disk has no hard links, a claim is empty for a moment while it is made. */
const MAKING_MS = 60_000;

/**
 * Which engine works on a job. Each claim names the private folder of its engine, which shows whether that lives;
 * the highest number counts. A claim is never taken from a living engine, and of several that find a dead one's
 * only one can make the next number.
 */
export class Claims {
  /** `own`: this engine's private folder, beside those of the other engines. */
  constructor(private readonly own: string) {}

  /** This engine's name. */
  get name(): string {
    return basename(this.own);
  }

  /** Makes a job this engine's; false where it is another's that lives. */
  async take(folder: string): Promise<boolean> {
    const highest = Math.max(0, ...(await this.numbers(folder)));
    if (highest > 0) {
      const holder = await this.holderOf(folder, highest);
      if (holder === basename(this.own)) return true;
      if (await this.lives(holder)) return false;
    }
    if (!(await this.make(folder, highest + 1))) return false;
    // One made from an older look may stand below a claim that was made meanwhile.
    const all = await this.numbers(folder);
    const won = Math.max(...all) === highest + 1;
    const spent = won ? all.filter((n) => n <= highest) : [highest + 1];
    await Promise.all(spent.map((n) => rm(join(folder, nameOf(n)), { force: true })));
    return won;
  }

  /** Whether a living engine has the job: this one, another, or none. */
  async holder(folder: string): Promise<'this' | 'another' | 'none'> {
    const highest = Math.max(0, ...(await this.numbers(folder)));
    if (highest === 0) return 'none';
    const holder = await this.holderOf(folder, highest);
    if (holder === basename(this.own)) return 'this';
    return (await this.lives(holder)) ? 'another' : 'none';
  }

  /** Gives a job up, for any engine to take. */
  async release(folder: string): Promise<void> {
    const highest = Math.max(0, ...(await this.numbers(folder)));
    if (highest > 0 && (await this.holderOf(folder, highest)) === basename(this.own)) {
      await rm(join(folder, nameOf(highest)), { force: true });
    }
  }

  private async numbers(folder: string): Promise<number[]> {
    const names = await readdir(folder).catch(() => []);
    return names.flatMap((name) => {
      const number = NAME.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    });
  }

  /** The name of the engine's folder; null while the claim is being made. */
  private async holderOf(folder: string, n: number): Promise<string | null> {
    const path = join(folder, nameOf(n));
    const text = await readFile(path, 'utf8').catch(() => 'gone');
    if (text !== '') return text;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    return Date.now() - mtimeMs < MAKING_MS ? null : 'gone';
  }

  /** Whether an engine of that name lives; null: one that is just writing its name. */
  async lives(holder: string | null): Promise<boolean> {
    return holder === null || isHeld(join(this.own, '..', basename(holder)));
  }

  private async make(folder: string, n: number): Promise<boolean> {
    const target = join(folder, nameOf(n));
    const fresh = join(folder, `.claim-${randomUUID()}`);
    try {
      await writeFile(fresh, basename(this.own), { flag: 'wx', mode: 0o600 });
      await link(fresh, target).catch(async (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
        await writeFile(target, basename(this.own), { flag: 'wx', mode: 0o600 });
      });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(fresh, { force: true });
    }
  }
}
