import { basename } from 'node:path';
import type { OpenedDocument, PageDoorParams, PageDoorValue } from '../shared/contract';
import { FaultError } from '../shared/faults';
import type { PhotoBook } from '../shared/link/photoBook';
import { readDocument, writeDocument } from './documents';
import { chosen, type Desktop } from './desktop';

/** Documents of one window as files: the page has ids of them, never paths. */
export class WindowDocuments {
  constructor(
    private readonly photos: PhotoBook,
    private readonly desktop: Desktop,
  ) {}

  /** Reads a document, whose photos the page then opens by their tokens. Throws what `readDocument` throws. */
  async open(path: string): Promise<OpenedDocument> {
    const { snapshot, photos } = await readDocument(path);
    for (const { booked } of photos) this.photos.add(booked);
    return {
      file: this.desktop.rememberFile(path, 'document'),
      name: basename(path),
      snapshot,
      photos: photos.map(({ was, booked }) => ({ was, photo: booked.photo })),
    };
  }

  /** Asks which one; null where the dialog was closed. */
  async choose(): Promise<OpenedDocument | null> {
    const path = await this.desktop.dialogs.chooseDocument();
    return path === undefined ? null : this.open(path);
  }

  /** Writes to the file that a document came from, or asks where. */
  async save({
    snapshot,
    file,
    suggestedName,
  }: PageDoorParams<'document:save'>): Promise<PageDoorValue<'document:save'>> {
    const { dialogs, recent } = this.desktop;
    const known = file === null ? undefined : recent.find(file)?.path;
    const path =
      known ?? chosen(await dialogs.chooseDocumentPlace(suggestedName), 'No place was chosen to save to.');
    if (typeof snapshot !== 'object' || snapshot === null) {
      throw new FaultError('bad-message', 'Expected a snapshot of a document.');
    }
    const text = JSON.stringify(snapshot);
    // Those that it names, also such as cannot be read just now.
    const photos = this.photos.all.filter(({ photo }) => text.includes(photo));
    await writeDocument(path, snapshot, photos);
    return { file: this.desktop.rememberFile(path, 'document'), name: basename(path) };
  }
}
