import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { app, dialog, shell, type BrowserWindow, type FileFilter, type OpenDialogOptions } from 'electron';
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

interface FileKind {
  readonly name: string;
  /** Without dots, the usual one first. */
  readonly extensions: readonly string[];
}

const filterOf = ({ name, extensions }: FileKind): FileFilter => ({ name, extensions: [...extensions] });

/**
 * The system's dialogs for files, each starting in the folder used last. They hang on the window; where there is none
 * they are as good as closed.
 */
export class FileDialogs {
  private openFolder: string | undefined;
  private exportFolder: string | undefined;

  constructor(
    private readonly words: Pick<Words, 'photos' | 'models' | 'document' | 'allFiles'>,
    private readonly window: () => BrowserWindow | undefined,
  ) {}

  /** The photos that the user chose; none where the dialog was closed. */
  async choosePhotos(): Promise<string[]> {
    const kind = { name: this.words.photos, extensions: [...OPENABLE, DOCUMENT_EXTENSION] };
    const paths = await this.askWhat({
      filters: [kind, this.anyFile],
      properties: ['openFile', 'multiSelections'],
    });
    this.rememberFolderOf(paths[0]);
    return paths;
  }

  /** The model that the user chose: an ONNX file, or the manifest of an exported one; undefined where they did not. */
  async chooseModel(): Promise<string | undefined> {
    const kind = { name: this.words.models, extensions: ['onnx', 'json'] };
    const [path] = await this.askWhat({ filters: [kind, this.anyFile], properties: ['openFile'] });
    return path;
  }

  /** The document that the user chose; undefined where the dialog was closed. */
  async chooseDocument(): Promise<string | undefined> {
    const [path] = await this.askWhat({ filters: [filterOf(this.documents)], properties: ['openFile'] });
    this.rememberFolderOf(path);
    return path;
  }

  /** Where a document goes, over another one only where the user agreed; undefined where the dialog was closed. */
  async chooseDocumentPlace(suggestedName: string): Promise<string | undefined> {
    const kind = this.documents;
    const folder = this.openFolder ?? app.getPath('documents');
    let target = await this.askWhere(join(folder, safeName(suggestedName, kind.extensions)), kind);
    // The user agreed to the name that was typed, not to the one with its extension.
    while (target && !target.overwrite && existsSync(target.path)) {
      target = await this.askWhere(target.path, kind);
    }
    return target?.path;
  }

  /** Where an enlargement goes; undefined where the dialog was closed. */
  chooseExport(suggestedName: string, format: OutputFormat): Promise<ExportTarget | undefined> {
    return this.chooseTarget(suggestedName, FORMATS[format]);
  }

  /** Where a sheet goes; undefined where the dialog was closed. */
  chooseSheet(suggestedName: string, format: SheetFormat): Promise<ExportTarget | undefined> {
    return this.chooseTarget(suggestedName, {
      name: SHEET_FORMAT_NAMES[format],
      extensions: sheetExtensions(format),
    });
  }

  /** A folder of originals to measure methods on; undefined where the dialog was closed. */
  async chooseOriginals(): Promise<string | undefined> {
    const [folder] = await this.askWhat({ properties: ['openDirectory'] });
    return folder;
  }

  /** Where several enlargements go; undefined where the dialog was closed. */
  async chooseExportFolder(): Promise<string | undefined> {
    const [folder] = await this.askWhat({
      defaultPath: this.folderForExports,
      properties: ['openDirectory', 'createDirectory'],
    });
    this.exportFolder = folder ?? this.exportFolder;
    return folder;
  }

  private async chooseTarget(suggestedName: string, kind: FileKind): Promise<ExportTarget | undefined> {
    const suggested = join(this.folderForExports, safeName(suggestedName, kind.extensions));
    const target = await this.askWhere(suggested, kind);
    if (target) this.exportFolder = dirname(target.path);
    return target;
  }

  private get anyFile(): FileFilter {
    return { name: this.words.allFiles, extensions: ['*'] };
  }

  private get documents(): FileKind {
    return { name: this.words.document, extensions: [DOCUMENT_EXTENSION] };
  }

  private get folderForExports(): string {
    return this.exportFolder ?? this.openFolder ?? app.getPath('pictures');
  }

  private rememberFolderOf(path: string | undefined): void {
    if (path !== undefined) this.openFolder = dirname(path);
  }

  /** What the user chose; none where the dialog was closed. */
  private async askWhat(options: OpenDialogOptions): Promise<string[]> {
    const window = this.window();
    if (!window) return [];
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      ...(this.openFolder !== undefined && { defaultPath: this.openFolder }),
      ...options,
    });
    return canceled ? [] : filePaths;
  }

  /** Where the user wants a file of a kind; undefined where the dialog was closed. */
  private async askWhere(defaultPath: string, kind: FileKind): Promise<ExportTarget | undefined> {
    const window = this.window();
    if (!window) return undefined;
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath,
      filters: [filterOf(kind)],
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    });
    if (canceled || filePath === '') return undefined;
    const path = join(dirname(filePath), withOneOf(basename(filePath), kind.extensions));
    return { path, overwrite: path === filePath };
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
