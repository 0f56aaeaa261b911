import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import * as v from 'valibot';
import { fileIdSchema } from '../../shared/contract';
import type { Step } from '../document/command';
import type { EditorDocument } from '../document/document';
import { useDocument } from './document';

/** The file that a document belongs to; `file`: what its door calls it, null in a browser, which forgets it. */
export const ownFileSchema = v.object({
  file: v.nullable(fileIdSchema),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
});
export type OwnFile = v.InferOutput<typeof ownFileSchema>;

/**
 * Which file the document on screen belongs to. Opening a document is a step of the history, so that undo brings back
 * another document, and with it that one's file: what was opened last of what is done tells which it is.
 */
export const useOwnFile = defineStore('ownFile', () => {
  const doc = useDocument();
  const files = shallowRef<ReadonlyMap<Step | null, OwnFile>>(new Map());
  /** As it was saved or opened last. */
  const saved = shallowRef<EditorDocument | null>(null);
  const origin = computed<Step | null>(
    () => doc.steps.steps.slice(0, doc.steps.done).findLast(({ key }) => key === 'documentOpened') ?? null,
  );
  const own = computed(() => files.value.get(origin.value) ?? null);

  return {
    own,
    isChanged: computed(() => own.value !== null && saved.value !== doc.present),
    /** The document as it is now is in this file, or was when it was written down. */
    belongsTo(file: OwnFile, document: EditorDocument): void {
      files.value = new Map([...files.value, [origin.value, file]]);
      saved.value = document;
    },
  };
});
