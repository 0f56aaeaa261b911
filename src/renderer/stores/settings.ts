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

  /** What this page changed since it was opened. */
  let changed: Partial<Settings> = {};
  /** The part of it that the engine has yet to be told. */
  let untold: Partial<Settings> = {};

  /** Reads what was remembered; what the user has changed meanwhile stays. */
  async function load(): Promise<void> {
    const remembered = await engine.call('settings:read', {}).catch(() => null);
    if (remembered) settings.value = { ...remembered, ...changed };
    loaded.value = true;
  }

  let isWriting = false;
  /** One write at a time, the next as soon as the last was answered: a slider's pull is a few. */
  async function write(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    while (Object.keys(untold).length > 0) {
      const part = untold;
      untold = {};
      // Losing a preference is not worth a word.
      await engine.call('settings:change', part).catch(() => undefined);
    }
    isWriting = false;
  }

  /** Changes and writes down at once: the window may be closed the next moment. */
  function change(part: Partial<Settings>): void {
    settings.value = { ...settings.value, ...part };
    changed = { ...changed, ...part };
    untold = { ...untold, ...part };
    void write();
  }

  return { settings, loaded, theme, language, load, change };
});
