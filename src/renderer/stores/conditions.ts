import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { PhotoCondition } from '../../shared/contract';
import { useEngine } from '../engine/connect';
import { usePhotos } from './photos';

/** What the photos in the view suffer from, as the engine estimates it; asked once a photo. */
export const useConditions = defineStore('conditions', () => {
  const engine = useEngine();
  const photos = usePhotos();
  const known = shallowRef<ReadonlyMap<string, PhotoCondition>>(new Map());

  watch(
    () => photos.readable?.photo,
    async (token) => {
      if (token === undefined || known.value.has(token)) return;
      // Without an estimate nothing is recommended: why the photo cannot be read is said where it would be.
      const condition = await engine.call('photo:condition', { photo: token }).catch(() => null);
      if (condition) known.value = new Map([...known.value, [token, condition]]);
    },
    { immediate: true },
  );

  return { condition: computed(() => known.value.get(photos.readable?.photo ?? '') ?? null) };
});
