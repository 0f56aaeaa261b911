import { useDebounceFn } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { faultOf, type Fault } from '../../../shared/faults';
import type { Rect } from '../../../shared/geometry';
import type { PlannedFile } from '../../document/exportPlan';
import {
  estimateBatch,
  estimateFile,
  middlePiece,
  weighedFiles,
  weighedPlaces,
  type Weighed,
} from '../../editor/fileEstimate';
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
 * others, which make the estimate of its size better, then one of each of the `files` of a batch. `file` null: nobody
 * asks.
 */
export function useEncodingTrial(
  file: Ref<PlannedFile | null>,
  chosenPiece: Ref<Rect | null>,
  files: Ref<readonly PlannedFile[]>,
) {
  const engine = useEngine();
  const { orderOf } = useExportPlan();
  const shown = shallowRef<ShownPiece | null>(null);
  const fault = shallowRef<Fault | null>(null);
  const isTrying = ref(false);
  /** What is looked at, and the places spread over the file: the first alone counts until there are others. */
  const firstPiece = shallowRef<readonly Weighed[]>([]);
  const weighed = shallowRef<readonly Weighed[]>([]);
  const otherBytes = ref<number | null>(null);
  /** Of files of a batch, by what they follow from. */
  const batch = shallowRef<ReadonlyMap<string, readonly Weighed[]>>(new Map());
  const order = computed(() => file.value && orderOf(file.value).order);
  /** Everything that a file follows from, the piece apart. */
  const keyOf = (one: PlannedFile): string => JSON.stringify(orderOf(one).order);
  const orderKey = computed(() => (file.value ? keyOf(file.value) : ''));
  const batchKeys = computed(() => (files.value.length > 1 ? files.value.map(keyOf) : []));

  let run = 0;
  /** What all that was weighed is of: of anything else it says nothing. */
  const weighedKey = ref('');

  async function attempt(): Promise<void> {
    const own = ++run;
    const piece = chosenPiece.value;
    const key = orderKey.value;
    if (!file.value || !piece) return;
    if (weighedKey.value !== key) {
      weighedKey.value = key;
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
      await weighBatch(isLate);
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

  /** Weighs a piece of each of some files, once for each choice: the engine does one thing at a time for a page. */
  async function weighBatch(isLate: () => boolean): Promise<void> {
    const all = files.value;
    const keys = batchKeys.value;
    for (const place of weighedFiles(keys.length)) {
      const one = all[place]!;
      const key = keys[place]!;
      if (isLate()) return;
      if (batch.value.has(key)) continue;
      const piece = middlePiece(one.size);
      const asked = { ...orderOf(one).order, pieces: [{ ...piece }] };
      // One that cannot be made says so when it is looked at; the others are weighed all the same.
      const answer = await engine.call('export:weigh', asked).catch(() => null);
      const [pixelBytes] = answer?.pixelBytes ?? [];
      if (pixelBytes !== undefined) batch.value = new Map([...batch.value, [key, [{ piece, pixelBytes }]]]);
    }
  }

  const soon = useDebounceFn(attempt, REST_MS);
  watch([orderKey, chosenPiece, () => batchKeys.value.join()], () => void soon(), { immediate: true });
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
      if (weighedKey.value !== orderKey.value) return null;
      return file.value ? estimateFile(pieces, otherBytes.value, file.value.size) : null;
    }),
    /** Of all files of a batch; null: there is one file, or nothing was weighed yet. */
    batchEstimate: computed(() => {
      if (batchKeys.value.length === 0 || otherBytes.value === null) return null;
      const known = batchKeys.value.map((key, place) => ({
        size: files.value[place]!.size,
        weighed: batch.value.get(key) ?? [],
      }));
      return estimateBatch(known, otherBytes.value);
    }),
    retry: attempt,
  };
}
