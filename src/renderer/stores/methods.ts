import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { MethodCard } from '../../shared/contract';
import { faultOf, type Fault } from '../../shared/faults';
import { useEngine } from '../engine/connect';

/** The methods that the engine has, with what it has measured of them so far. */
export const useMethods = defineStore('methods', () => {
  const engine = useEngine();
  const cards = shallowRef<readonly MethodCard[]>([]);
  const fault = ref<Fault | null>(null);
  const isLoading = ref(false);
  const byId = computed(() => new Map(cards.value.map((card) => [card.id, card])));

  async function load(): Promise<void> {
    isLoading.value = cards.value.length === 0;
    try {
      cards.value = await engine.call('methods:list', {});
      fault.value = null;
    } catch (thrown) {
      fault.value = faultOf(thrown);
    }
    isLoading.value = false;
  }

  return { cards, byId, fault, isLoading, load };
});
