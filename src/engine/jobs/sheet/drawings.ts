import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Params, Value } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import type { SheetDocument } from '../../../shared/sheet';
import type { Client } from '../../schedule/client';
import type { Queue } from '../../schedule/queue';
import { readEmbedded } from '../../sheets/embedded';
import { makeSheet } from './make';
import { holdPhotos, subjectsOf, type SheetKindParts } from './sheet';
import { sheetSvg } from './written';

/** Sheets drawn for the screen: one at a time for each client, what was made for one is there for the next. */
export class SheetDrawings {
  private readonly drawing = new Map<string, AbortController>();

  constructor(
    private readonly parts: SheetKindParts,
    private readonly queue: Queue,
  ) {}

  async draw(client: Client, asked: Params<'sheet:draw'>): Promise<Value<'sheet:draw'>> {
    this.stop(client.id);
    const own = new AbortController();
    this.drawing.set(client.id, own);
    const signal = AbortSignal.any([own.signal, client.gone]);
    const held = holdPhotos(this.parts.photos, client, asked);
    try {
      const turns = { priority: 'job' as const, client: `sheet ${client.id}`, signal };
      const job = {
        signal,
        turn: () => this.queue.turn(turns),
        progress: () => undefined,
      };
      const made = await this.queue.besides(async () => {
        const subjects = await subjectsOf(held, signal);
        return makeSheet(asked.document, subjects, this.parts, job, { measures: asked.measures });
      });
      signal.throwIfAborted();
      const svg = await sheetSvg(made);
      const { document, content, isUnmeasured } = made;
      return {
        document,
        whole: [...made.whole],
        crops: [...made.crops],
        caption: content.caption,
        svg,
        isUnmeasured,
      };
    } finally {
      held.end();
      if (this.drawing.get(client.id) === own) this.drawing.delete(client.id);
    }
  }

  /** Stops what is drawn for a client. */
  stop(client: string): void {
    this.drawing.get(client)?.abort();
    this.queue.forget(`sheet ${client}`);
  }
}

/** Files beyond this are no sheets. */
const SHEET_BYTES_MAX = 512 << 20;

/** The document that a sheet's file was made by. Throws `not-found`, `too-large`, and what `readEmbedded` throws. */
export async function readSheet(path: string): Promise<SheetDocument> {
  const file = await readFile(path).catch((error: unknown) => {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new FaultError('not-found', `Expected a sheet at ${path}, found none that can be read (${code}).`, {
      file: path,
    });
  });
  if (file.length > SHEET_BYTES_MAX) {
    throw new FaultError('too-large', `Expected a sheet, found that ${path} is larger than any.`, {
      file: path,
    });
  }
  return readEmbedded(file, basename(path));
}
