import { useEventListener } from '@vueuse/core';
import { ref, type Ref } from 'vue';
import { droppedFiles } from './droppedFiles';

export interface ArrivalsOptions {
  readonly files: (files: File[]) => void;
  /** Something was pasted that holds no picture. */
  readonly nothing: () => void;
  /** Names of pictures in a dropped folder that cannot be read. */
  readonly unread: (names: readonly string[]) => void;
}

const filesOf = (data: DataTransfer | null): File[] => [...(data?.files ?? [])];
const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** A picture from the clipboard has no name of its own beyond `image.png`. */
function named(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const stamp = new Date().toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return new File([file], `pasted ${stamp}.${file.name.split('.').pop() ?? 'png'}`, { type: file.type });
}

/** Files that arrive by hand: dropped anywhere in the window, or pasted. */
export function useArrivals({ files, nothing, unread }: ArrivalsOptions): { isOver: Ref<boolean> } {
  const isOver = ref(false);
  /** Enter and leave come for every element on the way; their balance says whether the window is left. */
  let depth = 0;

  useEventListener(window, 'dragenter', (event: DragEvent) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth += 1;
    isOver.value = true;
  });
  useEventListener(window, 'dragleave', (event: DragEvent) => {
    if (!holdsFiles(event)) return;
    depth = Math.max(0, depth - 1);
    isOver.value = depth > 0;
  });
  useEventListener(window, 'dragover', (event: DragEvent) => {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = holdsFiles(event) ? 'copy' : 'none';
  });
  useEventListener(window, 'drop', (event: DragEvent) => {
    event.preventDefault();
    depth = 0;
    isOver.value = false;
    void droppedFiles(event.dataTransfer).then((dropped) => {
      if (dropped.files.length > 0) files(dropped.files);
      if (dropped.unread.length > 0) unread(dropped.unread);
    });
  });
  useEventListener(window, 'paste', (event: ClipboardEvent) => {
    if (event.target instanceof HTMLInputElement) return;
    const pasted = filesOf(event.clipboardData).map(named);
    if (pasted.length > 0) files(pasted);
    else nothing();
  });
  return { isOver };
}
