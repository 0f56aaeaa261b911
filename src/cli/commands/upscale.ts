import { setTimeout as pause } from 'node:timers/promises';
import { Arrivals } from '../arrivals';
import { runInOrder } from '../batch';
import { refuseForeignControls } from '../controls';
import { enlargePhoto, type Outcome } from '../enlargement';
import type { EngineSession } from '../engineSession';
import { EXIT, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { withNames, type NamedPhoto } from '../outputNames';
import { gatherPhotos, kindOfInput, type Gathered } from '../photoFiles';
import { isInShard } from '../shard';
import { Terminal } from '../terminal';
import { readUpscaleCall, type UpscaleCall, type UpscaleOptions } from '../upscaleCall';
import { conclude, report } from '../upscaleReport';
import { unreadSentence } from '../unreadFiles';
import { withEngine } from '../withEngine';

/** The photos of a call that are there now, and inputs in which there are none, as outcomes. */
export interface Batch {
  readonly photos: readonly NamedPhoto[];
  readonly failed: readonly Outcome[];
  /** Pictures of kinds that cannot be read, which are left out. */
  readonly unread: readonly string[];
}

/** Finds a call's photos. Throws `WrongCall` where two would become one file. */
export async function gatherBatch(call: UpscaleCall): Promise<Batch> {
  const { photos, faults, unread }: Gathered = await gatherPhotos(call.inputs, call.place.path);
  const { shard } = call;
  // Named before they are divided: a name follows from the whole, on every machine.
  const named =
    call.place.kind === 'folder' ? withNames(photos) : photos.map((one) => ({ ...one, name: '' }));
  return {
    photos: shard ? named.filter((photo) => isInShard(photo, shard)) : named,
    failed: faults,
    unread,
  };
}

/** Enlarges photos; the outcomes are told in order as they come. */
async function enlargeAll(
  session: EngineSession,
  call: UpscaleCall,
  { photos, failed }: Pick<Batch, 'photos' | 'failed'>,
  terminal: Terminal,
): Promise<Outcome[]> {
  for (const outcome of failed) report(terminal, outcome);
  const outcomes: Outcome[] = [];
  const run = (photo: NamedPhoto, at: number): Promise<Outcome> =>
    enlargePhoto(session, call, photo, photos, (event) => {
      // Of two photos in flight the earlier one has the bar.
      if (at !== outcomes.length) return;
      const position = photos.length > 1 ? { at: at + 1, of: photos.length } : undefined;
      terminal.progress({ position, name: photo.path }, event);
    });
  const lost = ({ fault }: Outcome): boolean => fault?.code === 'engine-lost';
  for await (const outcome of runInOrder(photos, run, lost, session.signal)) {
    outcomes.push(outcome);
    report(terminal, outcome);
  }
  return [...failed, ...outcomes];
}

async function expectMethod(session: EngineSession, call: UpscaleCall): Promise<void> {
  refuseForeignControls(call.options, [call.method], await listMethods(session, [call.method]));
}

/** Enlarges every photo of the call. */
export async function upscaleAll(
  session: EngineSession,
  call: UpscaleCall,
  batch: Batch,
  terminal: Terminal,
): Promise<ExitStatus> {
  await expectMethod(session, call);
  // A killed run's last file may be there while its job says otherwise: listing settles that.
  if (call.skipExisting) await session.call('jobs:list', {});
  const total = batch.photos.length + batch.failed.length;
  if (total === 0) terminal.note('None of the photos belongs to this part; there is nothing to do.');
  const left = unreadSentence(batch.unread);
  if (left !== undefined) terminal.note(left);
  const outcomes = await enlargeAll(session, call, batch, terminal);
  const stopped = outcomes.length < total || outcomes.some(({ fault }) => fault?.code === 'stopped');
  conclude(terminal, outcomes, total, stopped);
  if (stopped) return EXIT.interrupted;
  return outcomes.some(({ fault }) => fault) ? EXIT.failed : EXIT.done;
}

/** How often folders are looked at: watches of the system miss changes on network folders. */
const POLL_MS = 1000;

/** Enlarges what is in the folders and what comes into them, until it is interrupted. */
export async function watchFolders(
  session: EngineSession,
  call: UpscaleCall,
  terminal: Terminal,
): Promise<ExitStatus> {
  await expectMethod(session, call);
  const arrivals = new Arrivals<NamedPhoto>();
  const told = new Set<string>();
  terminal.note(`Watching ${call.inputs.join(', ')}; press Ctrl-C to end.`);
  while (!session.signal.aborted) {
    const { photos, unread } = await gatherBatch(call);
    const left = unreadSentence(unread.filter((path) => !told.has(path)));
    if (left !== undefined) terminal.note(left);
    for (const path of unread) told.add(path);
    const ready = await arrivals.ready(photos, performance.now());
    for (const outcome of await enlargeAll(session, call, { photos: ready, failed: [] }, terminal)) {
      if (outcome.fault?.code !== 'stopped') arrivals.settle(outcome.input, outcome.fault !== undefined);
    }
    await pause(POLL_MS, undefined, { signal: session.signal }).catch(() => undefined);
  }
  return EXIT.interrupted;
}

export async function upscale(inputs: readonly string[], options: UpscaleOptions): Promise<ExitStatus> {
  const call = readUpscaleCall(inputs, options, await Promise.all(inputs.map(kindOfInput)));
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: options.json ?? false });
  if (call.watch) return withEngine(terminal, (session) => watchFolders(session, call, terminal));
  const batch = await gatherBatch(call);
  return withEngine(terminal, (session) => upscaleAll(session, call, batch, terminal));
}
