import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { app, dialog, shell, type BrowserWindow } from 'electron';
import { DOCUMENT_EXTENSION } from '../shared/documentFile';
import { safeName, withOneOf } from '../shared/fileName';
import { FORMATS, OPENABLE, type OutputFormat } from '../shared/formats';
import { SHEET_FORMAT_NAMES, sheetExtensions, type SheetFormat } from '../shared/sheet';
import type { Words } from './words';

export interface ExportTarget {
  readonly path: string;
  /** The user saw this very name in the dialog and agreed to replace what has it. */
  readonly overwrite: boolean;
}

/** The system's dialogs for files, each starting in the folder used last. */
export class FileDialogs {
  private openFolder: string | undefined;
  private exportFolder: string | undefined;

  constructor(private readonly words: Pick<Words, 'photos' | 'models' | 'document' | 'allFiles'>) {}

  /** The photos that the user chose; none where the dialog was closed. */
  async choosePhotos(window: BrowserWindow): Promise<string[]> {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      ...(this.openFolder === undefined ? {} : { defaultPath: this.openFolder }),
      filters: [
        { name: this.words.photos, extensions: [...OPENABLE, DOCUMENT_EXTENSION] },
        { name: this.words.allFiles, extensions: ['*'] },
      ],
      properties: ['openFile', 'multiSelections'],
    });
    const first = filePaths[0];
    if (canceled || first === undefined) return [];
    this.openFolder = dirname(first);
    return filePaths;
  }

  /** The model that the user chose: an ONNX file, or the manifest of an exported one; undefined where they did not. */
  async chooseModel(window: BrowserWindow): Promise<string | undefined> {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      ...(this.openFolder === undefined ? {} : { defaultPath: this.openFolder }),
      filters: [
        { name: this.words.models, extensions: ['onnx', 'json'] },
        { name: this.words.allFiles, extensions: ['*'] },
      ],
      properties: ['openFile'],
    });
    return canceled ? undefined : filePaths[0];
  }

  /** The document that the user chose; undefined where the dialog was closed. */
  async chooseDocument(window: BrowserWindow): Promise<string | undefined> {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      ...(this.openFolder === undefined ? {} : { defaultPath: this.openFolder }),
      filters: [{ name: this.words.document, extensions: [DOCUMENT_EXTENSION] }],
      properties: ['openFile'],
    });
    const [first] = filePaths;
    if (canceled || first === undefined) return undefined;
    this.openFolder = dirname(first);
    return first;
  }

  /** Where a document goes, over another one only where the user agreed; undefined where the dialog was closed. */
  async chooseDocumentPlace(window: BrowserWindow, suggestedName: string): Promise<string | undefined> {
    const name = safeName(suggestedName, [DOCUMENT_EXTENSION]);
    const ask = async (defaultPath: string): Promise<string | undefined> => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath,
        filters: [{ name: this.words.document, extensions: [DOCUMENT_EXTENSION] }],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      if (canceled || filePath === '') return undefined;
      const path = join(dirname(filePath), withOneOf(basename(filePath), [DOCUMENT_EXTENSION]));
      // The user agreed to the name that was typed, not to the one with its extension.
      return path !== filePath && existsSync(path) ? ask(path) : path;
    };
    return ask(join(this.openFolder ?? app.getPath('documents'), name));
  }

  /** Where an enlargement goes; undefined where the dialog was closed. */
  chooseExport(
    window: BrowserWindow,
    suggestedName: string,
    format: OutputFormat,
  ): Promise<ExportTarget | undefined> {
    return this.chooseTarget(window, suggestedName, FORMATS[format]);
  }

  /** Where a sheet goes; undefined where the dialog was closed. */
  chooseSheet(
    window: BrowserWindow,
    suggestedName: string,
    format: SheetFormat,
  ): Promise<ExportTarget | undefined> {
    const kind = { name: SHEET_FORMAT_NAMES[format], extensions: sheetExtensions(format) };
    return this.chooseTarget(window, suggestedName, kind);
  }

  private async chooseTarget(
    window: BrowserWindow,
    suggestedName: string,
    { name, extensions }: { readonly name: string; readonly extensions: readonly string[] },
  ): Promise<ExportTarget | undefined> {
    const folder = this.exportFolder ?? this.openFolder ?? app.getPath('pictures');
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: join(folder, safeName(suggestedName, extensions)),
      filters: [{ name, extensions: [...extensions] }],
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    });
    if (canceled || filePath === '') return undefined;
    this.exportFolder = dirname(filePath);
    const path = join(dirname(filePath), withOneOf(basename(filePath), extensions));
    return { path, overwrite: path === filePath };
  }

  /** A folder of originals to measure methods on; undefined where the dialog was closed. */
  async chooseOriginals(window: BrowserWindow): Promise<string | undefined> {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      ...(this.openFolder === undefined ? {} : { defaultPath: this.openFolder }),
      properties: ['openDirectory'],
    });
    return canceled ? undefined : filePaths[0];
  }

  /** Where several enlargements go; undefined where the dialog was closed. */
  async chooseExportFolder(window: BrowserWindow): Promise<string | undefined> {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      defaultPath: this.exportFolder ?? this.openFolder ?? app.getPath('pictures'),
      properties: ['openDirectory', 'createDirectory'],
    });
    const [folder] = filePaths;
    if (canceled || folder === undefined) return undefined;
    this.exportFolder = folder;
    return folder;
  }
}

/** The names of what is in a folder. */
export const namesIn = (folder: string): Promise<string[]> => readdir(folder);

/** Puts a file into the system's list of recent documents. */
export function rememberFile(path: string): void {
  app.addRecentDocument(path);
}

/** Shows a file in the system's file manager. */
export function revealFile(path: string): void {
  shell.showItemInFolder(path);
}
