import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref } from 'vue';
import type { PageDoorValue } from '../../shared/contract';
import { useEngine } from '../engine/connect';
import type { LinkState } from '../engine/engineClient';
import { useNotices } from './notices';

/** Whether the page reaches its door, and what kind of door it is. */
export const useConnection = defineStore('connection', () => {
  const engine = useEngine();
  const notices = useNotices();
  const state = ref<LinkState>(engine.state);
  const door = ref<PageDoorValue<'door:describe'> | null>(null);
  const isDesktop = computed(() => door.value?.door === 'desktop');

  const describe = (): void => {
    engine.describe().then(
      (description) => (door.value = description),
      // A lost connection is told by `state`; it is asked again when it opens.
      () => undefined,
    );
  };
  const stops = [
    engine.onState((next) => {
      if (next === 'open' && state.value === 'lost') notices.connected();
      state.value = next;
      if (next === 'open') describe();
    }),
    engine.onBroken((fault) => notices.add({ place: 'engine', fault })),
    engine.on('notice', ({ message }) => notices.add({ place: 'engine', message })),
    engine.on('door:failed', ({ fault }) => notices.add({ place: 'open', fault })),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  if (engine.state !== 'lost') describe();

  return { state, door, isDesktop, retry: () => engine.retry() };
});
