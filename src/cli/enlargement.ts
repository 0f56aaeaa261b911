import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FaultError, faultOf, type Fault } from '../shared/faults';
import { outputRect, outputSize } from '../shared/geometry';
import { newPhotoToken } from '../shared/link/photoBook';
import type { EngineSession, OnProgress } from './engineSession';
import { refuseInputs } from './inputFiles';
import { needsSize } from './namePattern';
import { outputPath, type NamedPhoto } from './outputNames';
import { scaleFor } from './sizes';
import type { UpscaleCall } from './upscaleCall';

/** What became of one photo. */
export type Outcome =
  | { readonly input: string; readonly fault: Fault }
  | { readonly input: string; readonly fault?: undefined; readonly skipped: true; readonly output: string }
  | {
      readonly input: string;
      readonly fault?: undefined;
      readonly skipped?: undefined;
      readonly output: string;
      readonly method: string;
      readonly scale: number;
      readonly width: number;
      readonly height: number;
      readonly seconds: number;
      readonly device: string;
      /** Root mean square of the invented part in steps of 8 bits, where its map was asked for. */
      readonly invented?: number;
      readonly notes: readonly string[];
    };

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new FaultError(
    'output-exists',
    `${path} exists already; add --overwrite or --skip-existing, or choose another name.`,
  );
}

/**
 * Makes a folder and those above it, one by one: Node's own recursive mkdir never returns where a system
 * answers ENOENT below a folder that exists, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  try {
    for (const folder of missing) {
      await mkdir(folder).catch((error: unknown) => {
        // Made by a neighbour in the meantime.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      });
    }
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new FaultError(
      code === 'ENOSPC' ? 'disk-full' : 'output-unwritable',
      `Expected -o to be a folder that can be made, but ${path} cannot (${code}); choose another.`,
    );
  }
}

/** The output's path before the photo is opened, where that is known by then. */
function knownPath(call: UpscaleCall, photo: NamedPhoto): string | undefined {
  const { place, pattern, method, target, region, page } = call;
  if (place.kind === 'folder' && (target.by !== 'scale' || needsSize(pattern))) return undefined;
  const scale = target.by === 'scale' ? target.scale : 1; // a file's name needs none
  return outputPath(place, photo, pattern, { method, scale, region, page, width: 0, height: 0 });
}

/**
 * Enlarges one photo of a call into its file. Never rejects: whatever goes wrong becomes the outcome's fault.
 * An output that exists is refused, or skipped, before the photo is opened, wherever its name is known by then.
 * `all`: the photos of the call, none of which is overwritten.
 */
export async function enlargePhoto(
  session: EngineSession,
  call: UpscaleCall,
  photo: NamedPhoto,
  all: readonly NamedPhoto[],
  onProgress: OnProgress,
): Promise<Outcome> {
  const { place, pattern, method, target, region, page } = call;
  const { path: input } = photo;
  try {
    if (!call.overwrite && call.invented !== undefined) refuseExisting(call.invented);
    const known = knownPath(call, photo);
    if (known !== undefined && call.skipExisting && existsSync(known)) {
      return { input, output: known, skipped: true };
    }
    if (known !== undefined && !call.overwrite) refuseExisting(known);
    const info = await session.call('photo:open', {
      photo: newPhotoToken(),
      path: input,
      name: input,
      ...(page === undefined ? {} : { page }),
    });
    try {
      const scale = scaleFor(target, info, region);
      const { width: w, height: h } = region ? outputRect(region, info, scale) : outputSize(info, scale);
      const output = outputPath(place, photo, pattern, { method, scale, region, page, width: w, height: h });
      if (call.skipExisting && existsSync(output)) return { input, output, skipped: true };
      if (!call.overwrite) refuseExisting(output);
      const inputs = all.map(({ path }) => path);
      refuseInputs(output, inputs);
      if (call.invented !== undefined) refuseInputs(call.invented, inputs);
      if (place.kind === 'folder') await makeFolder(dirname(output));
      const done = await session.job(
        'upscale',
        {
          enlargement: {
            photo: info.photo,
            ...(region && { region }),
            method: { id: method },
            scale,
            options: call.options,
          },
          device: call.device,
          encoding: call.encoding,
          output: {
            path: output,
            ...(call.invented && { invented: call.invented }),
            overwrite: call.overwrite,
          },
        },
        onProgress,
        { takeUp: true },
      );
      const { width, height, seconds, device, invented } = done;
      const notes = [...new Set([...info.notes, ...done.notes])];
      return {
        input,
        output,
        method,
        scale,
        width,
        height,
        seconds,
        device,
        notes,
        ...(invented !== undefined && { invented }),
      };
    } finally {
      // A photo of an engine that died, or of a client that is about to say goodbye, is closed with it.
      await session.call('photo:close', { photo: info.photo }).catch(() => undefined);
    }
  } catch (thrown) {
    return { input, fault: faultOf(thrown) };
  }
}
