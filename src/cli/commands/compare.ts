import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Page, SheetDone } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { readEvaluationJson } from '../../shared/evaluationFile';
import { newPhotoToken } from '../../shared/link/photoBook';
import type { SheetDocument, SheetDocumentInput } from '../../shared/sheet';
import { sheetTradeoffIn, type Tradeoff } from '../../shared/tradeoff';
import { readCompareCall, type CompareCall, type CompareOptions } from '../compareCall';
import { refuseForeignControls } from '../controls';
import { formatSeconds } from '../durations';
import type { EngineSession } from '../engineSession';
import { EXIT, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

/** A document with the files of its photos and references. */
interface Ready {
  readonly document: SheetDocumentInput;
  readonly photos: readonly string[];
  readonly references: readonly string[];
}

/** The file of a photo that a sheet names: beside the sheet, or in the folder that one is in. */
function findBeside(name: string, sheet: string): string {
  const found = [join(dirname(sheet), name), name].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new FaultError(
    'not-found',
    `Expected ${name}, of which ${basename(sheet)} was made, beside it or in this folder; say where it is: enlarger compare ${name} --from ${basename(sheet)} -o ...`,
    { file: name },
  );
}

/** What of an evaluation's file is plotted. */
async function readTradeoff(path: string): Promise<Tradeoff> {
  const file = basename(path);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new FaultError(
      'not-found',
      `Expected an evaluation at ${path}, found none that can be read (${code}).`,
      {
        file,
      },
    );
  });
  return sheetTradeoffIn(readEvaluationJson(text, file), file);
}

async function ready(session: EngineSession, call: CompareCall): Promise<Ready> {
  const { sheet, inputs, references } = call;
  if (sheet.kind === 'new') {
    const ids = [...new Set(sheet.methods.map(({ id }) => id))];
    const cards = await listMethods(session, ids);
    refuseForeignControls(sheet.turned, ids, cards);
    for (const { id, turned } of sheet.methods) refuseForeignControls(turned, [id], cards);
    const { tradeoff } = sheet;
    return {
      document: {
        ...sheet.document,
        ...(tradeoff !== undefined && { tradeoff: await readTradeoff(tradeoff) }),
      },
      photos: inputs,
      references,
    };
  }
  const document: SheetDocument = await session.call('sheet:read', { path: sheet.from });
  if (inputs.length > 0 && inputs.length !== document.photos.length) {
    throw new FaultError(
      'bad-option',
      `Expected the ${document.photos.length} photos that ${basename(sheet.from)} was made of, received ${inputs.length}.`,
    );
  }
  const named = document.photos.flatMap(({ reference }) => (reference ? [reference.name] : []));
  return {
    document,
    photos: inputs.length > 0 ? inputs : document.photos.map(({ name }) => findBeside(name, sheet.from)),
    references: references.length > 0 ? references : named.map((name) => findBeside(name, sheet.from)),
  };
}

function refuseExisting({ output, overwrite }: CompareCall): void {
  if (overwrite || !existsSync(output)) return;
  throw new FaultError('output-exists', `${output} exists already; add --overwrite or choose another name.`, {
    file: output,
  });
}

/** Figures by method, for scripts. */
function jsonOf(call: CompareCall, done: SheetDone): unknown {
  const { document, whole, crops, seconds, notes, beside } = done;
  const idOf = (method: number): string => document.methods[method]!.id;
  return {
    output: call.output,
    ...(beside.length > 0 && { beside }),
    layout: document.layout,
    scales: document.scales,
    truth: document.truth,
    whole: whole.map(({ photo, method, scale, figures }) => ({
      photo: document.photos[photo]!.name,
      method: idOf(method),
      scale,
      ...figures,
    })),
    crops: document.crops.map(({ photo, region, proposed }, k) => ({
      photo: document.photos[photo]!.name,
      region: [region.x, region.y, region.width, region.height],
      proposed,
      results: crops
        .filter(({ crop }) => crop === k)
        .map(({ method, scale, figures }) => ({ method: idOf(method), scale, ...figures })),
    })),
    ...(document.opinions && {
      opinions: document.opinions.map(({ photo, method, ...opinion }) => ({
        photo: document.photos[photo]!.name,
        method: idOf(method),
        kind: document.style.opinions,
        ...opinion,
      })),
    }),
    ...(document.tradeoff && { tradeoff: document.tradeoff }),
    caption: done.caption,
    seconds: Number(seconds.toFixed(3)),
    notes,
  };
}

async function makeSheet(session: EngineSession, call: CompareCall, terminal: Terminal): Promise<ExitStatus> {
  refuseExisting(call);
  const { document, photos, references } = await ready(session, call);
  const open = (path: string, page?: Page) =>
    session.call('photo:open', { photo: newPhotoToken(), path, name: path, ...(page && { page }) });
  const opened: { photo: string; reference?: string }[] = [];
  for (const [k, path] of photos.entries()) {
    const { photo } = await open(path, document.photos[k]!.page);
    const reference = references[k];
    opened.push({ photo, ...(reference !== undefined && { reference: (await open(reference)).photo }) });
  }
  const done = await session.job(
    'sheet',
    { document, photos: opened, output: { path: call.output, overwrite: call.overwrite } },
    (event) => terminal.progress({ name: call.output }, event),
  );
  terminal.json(jsonOf(call, done));
  const { crops, methods, scales } = done.document;
  terminal.say(
    `${photos.join(', ')} -> ${call.output}  ${crops.length} ${crops.length === 1 ? 'crop' : 'crops'} by ${methods.map(({ id }) => id).join(', ')}, ` +
      `${scales.map((scale) => `x${Number(scale.toFixed(3))}`).join(', ')}, ${formatSeconds(done.seconds)}`,
  );
  for (const name of done.beside) terminal.say(`and ${name}`);
  for (const note of done.notes) terminal.note(note);
  return EXIT.done;
}

/** Makes a sheet, or one again from its file. */
export async function compare(inputs: readonly string[], options: CompareOptions): Promise<ExitStatus> {
  const call = readCompareCall(inputs, options);
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: options.json ?? false });
  return withEngine(terminal, (session) => makeSheet(session, call, terminal));
}
