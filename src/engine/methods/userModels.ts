import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FaultError } from '../../shared/faults';
import type { Manifest } from '../../shared/manifest';

/**
 * The user's models on disk, `models/<id>` in the configuration folder: each appears whole, is replaced whole,
 * and goes at once, whatever ends the process in between. What is on its way in or out has a name with a dot in
 * front, which nobody reads as a method.
 */

const DRAFT = '.draft-';
const REPLACED = '.replaced-';
const REMOVED = '.removed-';

/** What lies there longer than this belongs to a process that ended, not to one that works. */
const LEFT_BEHIND_MS = 24 * 3_600_000;
/** Between the two renamings of a replacement there is only a moment. */
const INTERRUPTED_MS = 60_000;

/** A new empty folder to write a model into, on the disk on which it will be kept. */
export async function draftModel(models: string): Promise<string> {
  return writing(models, async () => {
    await mkdir(models, { recursive: true });
    return mkdtemp(join(models, DRAFT));
  });
}

/** Writes a file of a draft; throws `disk-full` or `output-unwritable` as all here does. */
export async function writeDraft(draft: string, name: string, content: string | Uint8Array): Promise<void> {
  await writing(dirname(draft), () => writeFile(join(draft, name), content));
}

/** Writes a draft's manifest; throws as `writeDraft`. */
export const writeManifest = (draft: string, manifest: Manifest): Promise<void> =>
  writeDraft(draft, 'manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);

/** Puts a finished draft in its place; what had this id before goes. */
export async function placeModel(models: string, draft: string, id: string): Promise<void> {
  const place = join(models, id);
  await writing(models, async () => {
    const before = join(models, `${REPLACED}${id}-${once()}`);
    await rename(place, before).catch(ignoreMissing);
    try {
      await rename(draft, place);
    } catch (error) {
      await rename(before, place).catch(() => undefined);
      throw error;
    }
    await rm(before, { recursive: true, force: true });
  });
}

/** Removes a model; at once for everybody who looks, even where its files take a while to go. */
export async function removeModel(models: string, id: string): Promise<void> {
  await writing(models, async () => {
    const aside = join(models, `${REMOVED}${once()}`);
    await rename(join(models, id), aside).catch(ignoreMissing);
    await rm(aside, { recursive: true, force: true });
  });
}

/** Finishes what processes that were killed left: models half replaced come back, the rest goes. */
export async function mendModels(models: string): Promise<void> {
  const names = await readdir(models).catch((): string[] => []);
  for (const name of names.filter((one) => one.startsWith('.'))) {
    const path = join(models, name);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) continue;
    const idleMs = Date.now() - found.ctimeMs;
    const id = name.startsWith(REPLACED) ? name.slice(REPLACED.length, name.lastIndexOf('-')) : undefined;
    if (id !== undefined && idleMs > INTERRUPTED_MS) {
      // Refused where the new one is in its place already.
      const isBack = await rename(path, join(models, id)).then(
        () => true,
        () => false,
      );
      if (!isBack) await rm(path, { recursive: true, force: true });
    } else if (name.startsWith(REMOVED) || (name.startsWith(DRAFT) && idleMs > LEFT_BEHIND_MS)) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** A part of a name that nobody else has; without a dash, see `mendModels`. */
const once = (): string => randomBytes(6).toString('hex');

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

async function writing<T>(models: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new FaultError(
      code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'output-unwritable',
      `Expected to be able to write the folder of your models, ${models}, but could not (${code ?? 'unknown reason'}); ` +
        'make room and make it writable, or set ENLARGER_HOME to a folder that is.',
      { file: models, detail: String(error) },
    );
  }
}
