import { useDebounceFn } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { faultOf, type Fault } from '../../../shared/faults';
import type { Rect } from '../../../shared/geometry';
import type { PlannedFile } from '../../document/exportPlan';
import { estimateFile, weighedPlaces, type Weighed } from '../../editor/fileEstimate';
import { useExportPlan } from '../../editor/useExportPlan';
import { useEngine } from '../../engine/connect';
import { rgbaOf } from '../../engine/rgbaOf';
import { feedOf } from '../../scene/feed';

/** A piece of a file as it was and as the file will have it. */
export interface ShownPiece {
  readonly piece: Rect;
  /** RGBA. */
  readonly before: Uint8ClampedArray<ArrayBuffer>;
  readonly after: Uint8ClampedArray<ArrayBuffer>;
}

/** Changes that follow one another quickly are tried once, milliseconds. */
const REST_MS = 150;

/**
 * What a file will be, by pieces of it that the engine enlarges and encodes: first the one that is looked at, then
 * others, which make the estimate of its size better. `file` null: nobody asks.
 */
export function useEncodingTrial(file: Ref<PlannedFile | null>, chosenPiece: Ref<Rect | null>) {
  const engine = useEngine();
  const { orderOf } = useExportPlan();
  const shown = shallowRef<ShownPiece | null>(null);
  const fault = shallowRef<Fault | null>(null);
  const isTrying = ref(false);
  /** What is looked at, and the places spread over the file: the first alone counts until there are others. */
  const firstPiece = shallowRef<readonly Weighed[]>([]);
  const weighed = shallowRef<readonly Weighed[]>([]);
  const otherBytes = ref<number | null>(null);
  const order = computed(() => file.value && orderOf(file.value).order);
  /** Everything that the file follows from, the piece apart. */
  const orderKey = computed(() => JSON.stringify(order.value));

  let run = 0;
  let weighedKey = '';

  async function attempt(): Promise<void> {
    const own = ++run;
    const piece = chosenPiece.value;
    const key = orderKey.value;
    if (!file.value || !piece) return;
    if (weighedKey !== key) {
      weighedKey = key;
      weighed.value = [];
      firstPiece.value = [];
      otherBytes.value = null;
    }
    isTrying.value = true;
    const isLate = (): boolean => own !== run;
    try {
      const { display } = feedOf(engine);
      const trial = await engine.call('export:try', { ...order.value!, piece: { ...piece }, display });
      if (isLate()) return;
      fault.value = null;
      shown.value = { piece, before: rgbaOf(trial.before), after: rgbaOf(trial.after) };
      otherBytes.value = trial.otherBytes;
      firstPiece.value = [{ piece, pixelBytes: trial.pixelBytes }];
      isTrying.value = false;
      await weigh(isLate);
    } catch (thrown) {
      // A newer piece has stopped this one.
      if (!isLate()) fault.value = faultOf(thrown);
    } finally {
      if (!isLate()) isTrying.value = false;
    }
  }

  /** Weighs the places spread over the file, once for each choice. */
  async function weigh(isLate: () => boolean): Promise<void> {
    if (weighed.value.length > 0) return;
    const places = weighedPlaces(file.value!.size);
    const pieces = places.map((place) => ({ ...place }));
    const { pixelBytes } = await engine.call('export:weigh', { ...order.value!, pieces });
    if (!isLate()) weighed.value = places.map((piece, k) => ({ piece, pixelBytes: pixelBytes[k]! }));
  }

  const soon = useDebounceFn(attempt, REST_MS);
  watch([orderKey, chosenPiece], () => void soon(), { immediate: true });
  const stop = (): void => {
    run += 1;
    // What has just ended has nothing to stop.
    engine.call('export:stopTrying', {}).catch(() => undefined);
  };
  onScopeDispose(stop);

  return {
    shown,
    fault,
    isTrying,
    /** Null until the first piece was weighed. */
    estimate: computed(() => {
      const pieces = weighed.value.length > 0 ? weighed.value : firstPiece.value;
      return file.value ? estimateFile(pieces, otherBytes.value, file.value.size) : null;
    }),
    retry: attempt,
  };
}
