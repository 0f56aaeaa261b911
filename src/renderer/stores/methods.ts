import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { MethodCard } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import { useEngine } from '../engine/connect';
import { methodName } from '../locales/methodNames';
import { useSettings } from './settings';

/**
 * The methods that the engine has, with what it has measured of them so far. They are asked for again when the
 * engine tells of a change, and when the user comes back to the page: a terminal may have changed them meanwhile.
 */
export const useMethods = defineStore('methods', () => {
  const engine = useEngine();
  const settings = useSettings();
  const listed = shallowRef<readonly MethodCard[]>([]);
  /** With names in the page's language; the user's own models are called what the user called them. */
  const cards = computed<readonly MethodCard[]>(() =>
    listed.value.map((card) =>
      card.origin === 'bundled' ? { ...card, name: methodName(card.id, card.name, settings.language) } : card,
    ),
  );
  const fault = ref<Fault | null>(null);
  const isLoading = ref(false);
  const byId = computed(() => new Map(cards.value.map((card) => [card.id, card])));

  /** What a method is called; one that is not there any more, by its id. */
  const nameOf = (id: string): string => byId.value.get(id)?.name ?? id;

  async function load(): Promise<void> {
    isLoading.value = listed.value.length === 0;
    try {
      listed.value = await engine.call('methods:list', { measure: true });
      fault.value = null;
    } catch (thrown) {
      const found = faultOf(thrown);
      // A connection that is lost says so itself, and takes nothing away that is known.
      if (found.code !== 'engine-lost' || listed.value.length === 0) fault.value = found;
    }
    isLoading.value = false;
  }

  const comeBack = (): void => void load();
  window.addEventListener('focus', comeBack);
  const stops = [
    engine.on('methods:changed', () => void load()),
    engine.onState((state) => {
      if (state === 'open' && fault.value) void load();
    }),
  ];
  onScopeDispose(() => {
    window.removeEventListener('focus', comeBack);
    stops.forEach((stop) => stop());
  });

  return { cards, byId, nameOf, fault, isLoading, load };
});
