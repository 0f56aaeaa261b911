import { usePreferredDark, usePreferredLanguages, useThrottleFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import * as v from 'valibot';
import { settingsSchema, type Settings } from '../../shared/contract';
import { useEngine } from '../engine/connect';

/** Least time between two writes. */
const WRITE_MS = 250;

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

  const write = useThrottleFn(
    () => {
      // Losing a preference is not worth a word: it is written again with the next change.
      engine.call('settings:write', settings.value).catch(() => undefined);
    },
    WRITE_MS,
    true,
  );

  /** Changes and writes down at once: the window may be closed the next moment. A slider's pull is a few writes. */
  function change(part: Partial<Settings>): void {
    settings.value = { ...settings.value, ...part };
    void write();
  }

  return { settings, loaded, theme, language, load, change };
});
