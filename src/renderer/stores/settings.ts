import { usePreferredDark, usePreferredLanguages } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import * as v from 'valibot';
import { settingsSchema, type Settings } from '../../shared/contract';
import { useEngine } from '../engine/connect';

/** What the page remembers between starts; kept by the engine, so that every door has the same. */
export const useSettings = defineStore('settings', () => {
  const engine = useEngine();
  /** Shallow: parts of it go into documents as they are. */
  const settings = shallowRef<Settings>(v.parse(settingsSchema, {}));
  const loaded = ref(false);
  const systemIsDark = usePreferredDark();
  const systemLanguages = usePreferredLanguages();

  const theme = computed<'dark' | 'light'>(() => {
    const { theme: chosen } = settings.value;
    return chosen === 'system' ? (systemIsDark.value ? 'dark' : 'light') : chosen;
  });
  const language = computed<'en' | 'ko'>(() => {
    const { language: chosen } = settings.value;
    if (chosen !== 'system') return chosen;
    return systemLanguages.value[0]?.toLowerCase().startsWith('ko') ? 'ko' : 'en';
  });

  /** Reads what was remembered; what the user has changed meanwhile stays. */
  async function load(): Promise<void> {
    const before = settings.value;
    const remembered = await engine.call('settings:read', {}).catch(() => null);
    if (remembered && settings.value === before) settings.value = remembered;
    loaded.value = true;
  }

  let isWriting = false;
  let hasChanged = false;
  /** One write at a time, the next as soon as the last was answered: a slider's pull is a few. */
  async function write(): Promise<void> {
    hasChanged = true;
    if (isWriting) return;
    isWriting = true;
    while (hasChanged) {
      hasChanged = false;
      // Losing a preference is not worth a word: it is written again with the next change.
      await engine.call('settings:write', settings.value).catch(() => undefined);
    }
    isWriting = false;
  }

  /** Changes and writes down at once: the window may be closed the next moment. */
  function change(part: Partial<Settings>): void {
    settings.value = { ...settings.value, ...part };
    void write();
  }

  return { settings, loaded, theme, language, load, change };
});
