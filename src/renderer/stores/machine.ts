import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Machine } from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import { useEngine } from '../engine/connect';
import { useConnection } from './connection';
import { useNotices } from './notices';
import { useView } from './view';

/** What Enlarger works on, by name, and where the user's own models lie. */
export const useMachine = defineStore('machine', () => {
  const engine = useEngine();
  const connection = useConnection();
  const notices = useNotices();
  const view = useView();
  const machine = shallowRef<Machine | null>(null);

  /** Asked each time that it is looked at: a device may have come. What was known stays until then. */
  async function load(): Promise<void> {
    machine.value = await engine.call('machine:describe', {}).catch(() => machine.value);
  }

  /** The graphics device that methods can run on; null: there is none. */
  const graphics = computed((): { readonly name: string | null } | null => {
    const [first] = machine.value?.graphics ?? [];
    if (!first) return null;
    // The desktop draws on the machine that it works on; a browser may be elsewhere.
    return { name: first.name ?? (connection.isDesktop ? view.graphicsName : null) };
  });

  const showModels = (): void =>
    void engine.ask('door:showModels', {}).catch((thrown: unknown) => {
      notices.add({ place: 'open', fault: faultOf(thrown) });
    });

  return { machine, graphics, load, showModels };
});
