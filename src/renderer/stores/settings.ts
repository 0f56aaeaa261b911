import { usePreferredDark, usePreferredLanguages } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import * as v from 'valibot';
import { settingsSchema, type Settings } from '../../shared/contract';
import { useEngine } from '../engine/connect';

/** What the page remembers between starts; kept by the engine, so that every door has the same. */
export const useSettings = defineStore('settings', () => {
  const engine = useEngine();
  const settings = ref<Settings>(v.parse(settingsSchema, {}));
  const loaded = ref(false);
  const systemIsDark = usePreferredDark();
  const systemLanguages = usePreferredLanguages();
  /** Being written; what changes meanwhile is written after it, once. */
  let writing: Settings | null = null;

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

  function change(part: Partial<Settings>): void {
    settings.value = { ...settings.value, ...part };
    if (!writing) void save();
  }

  async function save(): Promise<void> {
    while (writing !== settings.value) {
      writing = settings.value;
      // Losing a preference is not worth a word: it is written again with the next change.
      await engine.call('settings:write', writing).catch(() => undefined);
    }
    writing = null;
  }

  return { settings, loaded, theme, language, load, change };
});
