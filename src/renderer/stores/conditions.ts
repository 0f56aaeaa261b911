import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { PhotoCondition } from '../../shared/contract';
import { useEngine } from '../engine/connect';
import { usePhotos } from './photos';

/** What the photos in the view suffer from, as the engine estimates it; asked once a photo. */
export const useConditions = defineStore('conditions', () => {
  const engine = useEngine();
  const photos = usePhotos();
  const known = shallowRef<ReadonlyMap<string, PhotoCondition>>(new Map());
  /** The photo that is being looked at. */
  const asked = ref<string | null>(null);

  watch(
    () => photos.readable?.photo,
    async (token) => {
      if (token === undefined || known.value.has(token)) return;
      // Without an estimate nothing is recommended: why the photo cannot be read is said where it would be.
      asked.value = token;
      const condition = await engine.call('photo:condition', { photo: token }).catch(() => null);
      if (condition) known.value = new Map([...known.value, [token, condition]]);
      if (asked.value === token) asked.value = null;
    },
    { immediate: true },
  );

  return {
    condition: computed(() => known.value.get(photos.readable?.photo ?? '') ?? null),
    /** The photo in the view is being looked at. */
    isComing: computed(() => asked.value !== null && asked.value === photos.readable?.photo),
  };
});
