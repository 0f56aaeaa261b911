import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Canvas, newScratches, oldScratches } from './canvas';
import type { UpscaleMark } from './marks';
import type { UpscaleRun } from './parts';
import type { Prepared } from './prepare';
import { stampOf } from './source';

export interface OpenCanvas {
  readonly canvas: Canvas;
  /** Whether tiles of an earlier run are on it. */
  readonly isOld: boolean;
}

/** The canvas with what an engine that died had put on it, where that is all there; otherwise an empty one. */
export async function openCanvas(
  { parts, stored, reached, devices, job }: UpscaleRun,
  { photo, method, tiles, layout }: Prepared,
): Promise<OpenCanvas> {
  const { files, version, markEveryMs } = parts;
  const { order } = stored;
  const withMap = order.output.invented !== undefined;
  const { plan } = reached;
  await tidy(job.folder, plan ? [...plan.scratch, ...plan.map] : []);
  const old = plan && (await oldScratches(layout, plan, withMap, job.folder, files));
  const settings = { plan: tiles, devices, markEveryMs };
  if (old) return { canvas: new Canvas(job, { ...settings, ...old, reached }), isOld: true };
  const fresh = await newScratches(layout, withMap, job.folder, files);
  const planned: UpscaleMark = {
    mark: 'planned',
    version,
    photo: stored.source.kept ? await stampOf(stored) : photo.stamp,
    method: method.card.sum,
    columns: tiles.columns,
    rows: tiles.rows,
    scratch: fresh.picture.names,
    map: fresh.map?.names ?? [],
  };
  await job.mark(planned);
  const nothing = { tiles: new Set<number>(), squares: 0, seconds: 0 };
  return { canvas: new Canvas(job, { ...settings, ...fresh, reached: nothing }), isOld: false };
}

/** Removes what an engine that died left in the job's folder and nothing needs. */
async function tidy(folder: string, needed: readonly string[]): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const spent = names.filter((name) => name.startsWith('scratch-') && !needed.includes(name));
  for (const name of spent) await rm(join(folder, name), { force: true });
}
