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
import type { FileWeight, WeighingProgress } from '../../editor/fileWeight';
import { useExportPlan } from '../../editor/useExportPlan';
import { useEngine } from '../../engine/connect';
import { rgbaOf } from '../../engine/rgbaOf';
import { feedOf } from '../../scene/feed';
import { usePhotos } from '../../stores/photos';

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
 * those by which its size is estimated, then one of each of the `files` of a batch. `file` null: nobody asks.
 */
export function useEncodingTrial(
  file: Ref<PlannedFile | null>,
  chosenPiece: Ref<Rect | null>,
  files: Ref<readonly PlannedFile[]>,
) {
  const engine = useEngine();
  const photos = usePhotos();
  const { orderOf } = useExportPlan();
  const shown = shallowRef<ShownPiece | null>(null);
  const failed = shallowRef<{ readonly key: string; readonly fault: Fault } | null>(null);
  const isTrying = ref(false);
  /** Of the places spread over the file, those that were weighed. */
  const weighed = shallowRef<readonly Weighed[]>([]);
  /** Of the file tried last; those of a batch are taken to have as much. */
  const otherBytes = ref<number | null>(null);
  /** Of files of a batch, by what they follow from. */
  const batch = shallowRef<ReadonlyMap<string, readonly Weighed[]>>(new Map());
  const order = computed(() => file.value && orderOf(file.value).order);
  /** Everything that a file follows from, the piece apart. */
  const keyOf = (one: PlannedFile): string => JSON.stringify(orderOf(one).order);
  const orderKey = computed(() => (file.value ? keyOf(file.value) : ''));
  const batchKeys = computed(() => (files.value.length > 1 ? files.value.map(keyOf) : []));
  const wholeBatch = computed(() => batchKeys.value.join());
  /** The batch of which all was weighed that can be. */
  const weighedBatch = ref<string | null>(null);
  /** Of what is looked at now, not of what failed before it. */
  const fault = computed(() => (failed.value?.key === orderKey.value ? failed.value.fault : null));

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
    }
    isTrying.value = true;
    const isLate = (): boolean => own !== run;
    try {
      const { display } = feedOf(engine);
      const trial = await engine.call('export:try', { ...order.value!, piece: { ...piece }, display });
      if (isLate()) return;
      failed.value = null;
      shown.value = { piece, before: rgbaOf(trial.before), after: rgbaOf(trial.after) };
      otherBytes.value = trial.otherBytes;
      isTrying.value = false;
      await weigh(isLate);
      await weighBatch(isLate);
    } catch (thrown) {
      // A newer piece has stopped this one.
      if (!isLate()) failed.value = { key, fault: faultOf(thrown) };
    } finally {
      if (!isLate()) isTrying.value = false;
    }
  }

  /** Weighs the places spread over the file, once for each choice; one by one, so that it is known how far it is. */
  async function weigh(isLate: () => boolean): Promise<void> {
    const asked = order.value!;
    const places = weighedPlaces(file.value!.size);
    for (const piece of places.slice(weighed.value.length)) {
      const { pixelBytes } = await engine.call('export:weigh', { ...asked, pieces: [{ ...piece }] });
      if (isLate()) return;
      weighed.value = [...weighed.value, { piece, pixelBytes: pixelBytes[0]! }];
    }
  }

  /** Weighs a piece of each of some files, once for each choice: the engine does one thing at a time for a page. */
  async function weighBatch(isLate: () => boolean): Promise<void> {
    const all = files.value;
    const keys = batchKeys.value;
    const own = wholeBatch.value;
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
    if (!isLate()) weighedBatch.value = own;
  }

  const soon = useDebounceFn(attempt, REST_MS);
  /** A photo that was away and came back is tried again. */
  const isThere = computed(() => file.value !== null && photos.canRead(file.value.photo.info.photo));
  watch([orderKey, chosenPiece, wholeBatch, isThere], () => void soon(), { immediate: true });
  const stop = (): void => {
    run += 1;
    // What has just ended has nothing to stop.
    engine.call('export:stopTrying', {}).catch(() => undefined);
  };
  onScopeDispose(stop);

  const places = computed((): WeighingProgress => {
    const of = file.value ? weighedPlaces(file.value.size).length : 0;
    return { done: weighedKey.value === orderKey.value ? weighed.value.length : 0, of };
  });
  const estimate = computed(() => {
    const { done, of } = places.value;
    if (!file.value || done < of) return null;
    return estimateFile(weighed.value, otherBytes.value, file.value.size);
  });
  const asked = computed((): WeighingProgress => {
    const keys = batchKeys.value;
    const of = weighedFiles(keys.length);
    return { done: of.filter((place) => batch.value.has(keys[place]!)).length, of: of.length };
  });
  const batchEstimate = computed(() => {
    if (batchKeys.value.length === 0 || otherBytes.value === null) return null;
    if (weighedBatch.value !== wholeBatch.value) return null;
    const known = batchKeys.value.map((key, place) => ({
      size: files.value[place]!.size,
      weighed: batch.value.get(key) ?? [],
    }));
    return estimateBatch(known, otherBytes.value);
  });

  return {
    shown,
    fault,
    isTrying,
    weight: computed((): FileWeight => ({
      file: estimate.value,
      places: places.value,
      batch: batchEstimate.value,
      files: asked.value,
      fault: fault.value,
    })),
    retry: attempt,
  };
}
