import { isHiddenName, isOpenableName, isUnreadName } from '../../shared/fileName';

/** What was dropped. */
export interface Dropped {
  readonly files: File[];
  /** Names of pictures in folders that are of kinds that cannot be read: these are left out. */
  readonly unread: string[];
}

/** Of files that came together those that may be pictures, by their names. */
export const picturesOf = (files: readonly File[]): File[] =>
  files.filter(({ name }) => isOpenableName(name));

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** All entries of a folder that are not hidden; a reader gives them in parts, and an empty part at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (part.length === 0) return all.sort((a, b) => a.name.localeCompare(b.name));
    all.push(...part.filter(({ name }) => !isHiddenName(name)));
  }
}

async function picturesIn(folder: FileSystemDirectoryEntry, into: Dropped): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) await picturesIn(entry as FileSystemDirectoryEntry, into);
    else if (isOpenableName(entry.name)) into.files.push(await fileOf(entry as FileSystemFileEntry));
    else if (isUnreadName(entry.name)) into.unread.push(entry.name);
  }
}

/**
 * The files of a drop: those that were dropped themselves, whatever they are, and of folders, and folders in these,
 * the pictures. Must be called in the event itself: afterwards a browser has forgotten them.
 */
export async function droppedFiles(data: DataTransfer | null): Promise<Dropped> {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === 'file');
  const taken = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const each = taken.map(async ({ entry, file }): Promise<Dropped> => {
    const found: Dropped = { files: [], unread: [] };
    if (entry?.isDirectory) await picturesIn(entry as FileSystemDirectoryEntry, found);
    else if (file) found.files.push(file);
    return found;
  });
  const all = await Promise.all(each);
  return { files: all.flatMap(({ files }) => files), unread: all.flatMap(({ unread }) => unread) };
}
