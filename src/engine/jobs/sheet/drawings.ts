import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { JobStage, Params, Value } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import type { SheetDocument } from '../../../shared/sheet';
import type { Client } from '../../schedule/client';
import { NewestCalls } from '../../schedule/newestCalls';
import type { Queue } from '../../schedule/queue';
import { readEmbedded } from '../../sheets/embedded';
import { makeSheet } from './make';
import { holdPhotos, subjectsOf, type HeldPhotos, type SheetKindParts } from './sheet';
import { sheetSvg } from './written';

/** Sheets drawn for the screen: one at a time for each client, what was made for one is there for the next. */
export class SheetDrawings {
  private readonly drawing = new NewestCalls();

  constructor(
    private readonly parts: SheetKindParts,
    private readonly queue: Queue,
  ) {}

  draw(client: Client, asked: Params<'sheet:draw'>): Promise<Value<'sheet:draw'>> {
    this.queue.forget(turnsOf(client.id));
    return this.drawing.during(client, async (signal) => {
      const held = holdPhotos(this.parts.photos, client, asked);
      try {
        return await this.drawn(client, held, asked, signal);
      } finally {
        held.end();
      }
    });
  }

  /** Stops what is drawn for a client. */
  stop(client: string): void {
    this.drawing.stop(client);
    this.queue.forget(turnsOf(client));
  }

  private async drawn(
    client: Client,
    held: HeldPhotos,
    asked: Params<'sheet:draw'>,
    signal: AbortSignal,
  ): Promise<Value<'sheet:draw'>> {
    const turns = { priority: 'job' as const, client: turnsOf(client.id), signal };
    const job = {
      signal,
      turn: () => this.queue.turn(turns),
      progress: (_: JobStage, done: number, total: number, label?: string) => {
        if (signal.aborted) return;
        void client.emit({ event: 'sheet:drawing', done, total, ...(label !== undefined && { label }) });
      },
    };
    const rendered = await this.queue.besides(async () => {
      const subjects = await subjectsOf(held, signal);
      return makeSheet(asked.document, subjects, this.parts, job, { measures: asked.measures });
    });
    signal.throwIfAborted();
    const svg = await sheetSvg(rendered);
    const { document, content, isUnmeasured } = rendered;
    return {
      document,
      whole: [...rendered.whole],
      crops: [...rendered.crops],
      caption: content.caption,
      svg,
      isUnmeasured,
    };
  }
}

/** In whose name a client's sheet has its turns. */
const turnsOf = (client: string): string => `sheet ${client}`;

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
