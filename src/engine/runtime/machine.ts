import { mkdir, readdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus, homedir } from 'node:os';
import { join, relative, sep } from 'node:path';
import type { Machine } from '../../shared/contract';
import type { Devices } from './devices';

/** Where NVIDIA's driver for Linux tells of its devices: a folder each, with a file `information`. */
const NVIDIA_FOLDER = '/proc/driver/nvidia/gpus';

/** The name in NVIDIA's own words for a device; null: it has none. */
export const nvidiaName = (information: string): string | null =>
  /^Model:\s*(.+)$/m.exec(information)?.[1]?.trim() ?? null;

async function nvidia(): Promise<string | null> {
  try {
    const [first] = await readdir(NVIDIA_FOLDER);
    return first === undefined
      ? null
      : nvidiaName(await readFile(join(NVIDIA_FOLDER, first, 'information'), 'utf8'));
  } catch {
    return null; // another system, or another maker's device
  }
}

/** A folder as people write it: below the user's own it begins with `~`. */
export function inWords(path: string, home = homedir()): string {
  const way = relative(home, path);
  return way === '' || way.startsWith('..') || way === path ? path : `~${sep}${way}`;
}

/** What is worked on here, and where the user's own models lie. */
export async function describeMachine(
  devices: Pick<Devices, 'list'>,
  modelsFolder: string,
): Promise<Machine> {
  const processor = cpus()[0]?.model.trim() ?? '';
  const found = (await devices.list()).filter((one) => one.found && one.device !== 'cpu');
  const name = process.platform === 'darwin' && process.arch === 'arm64' ? processor : await nvidia();
  return {
    processor,
    cores: availableParallelism(),
    graphics: found.map(({ device }) => ({ device, name })),
    modelsFolder: inWords(modelsFolder),
  };
}

/** Makes the folder of the user's models where it is not there yet. */
export async function placeOfModels(path: string): Promise<{ path: string }> {
  await mkdir(path, { recursive: true });
  return { path };
}
