import { OPENABLE } from '../../shared/formats';

const isOpenable = (name: string): boolean => OPENABLE.includes(name.split('.').at(-1)?.toLowerCase() ?? '');

/** Of files that came together those that may be pictures, by their names. */
export const picturesOf = (files: readonly File[]): File[] => files.filter(({ name }) => isOpenable(name));

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** All entries of a folder; a reader gives them in parts, and an empty part at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return all.sort((a, b) => a.name.localeCompare(b.name));
    all.push(...part);
  }
}

async function picturesIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const files: File[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) files.push(...(await picturesIn(entry as FileSystemDirectoryEntry)));
    else if (isOpenable(entry.name)) files.push(await fileOf(entry as FileSystemFileEntry));
  }
  return files;
}

/**
 * The files of a drop: those that were dropped themselves, whatever they are, and of folders, and folders in these,
 * the pictures. Must be called in the event itself: afterwards a browser has forgotten them.
 */
export function droppedFiles(data: DataTransfer | null): Promise<File[]> {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === 'file');
  const taken = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const each = taken.map(async ({ entry, file }) => {
    if (entry?.isDirectory) return picturesIn(entry as FileSystemDirectoryEntry);
    return file ? [file] : [];
  });
  return Promise.all(each).then((files) => files.flat());
}
