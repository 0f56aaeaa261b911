import { useIntervalFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { optionsKey } from '../../shared/enlargement';
import { estimateSeconds } from '../editor/methodList';
import type { LayerWork } from '../scene/sceneFacts';
import { viewProgress } from '../scene/viewProgress';
import { useCompare } from './compare';
import { useDocument } from './document';
import { useMethods } from './methods';
import { useView } from './view';

/** How often a tile that is being made is looked at. */
const LOOK_MS = 250;
/** What is done sooner needs no button to stop it. */
const SHORT_MS = 1000;

/** How far the view is, inside a tile that takes long too, and the stop of what takes long. */
export const useViewWork = defineStore('viewWork', () => {
  const compare = useCompare();
  const doc = useDocument();
  const methods = useMethods();
  const view = useView();

  /** What is looked at, by which methods: what was stopped goes on with anything else. */
  const subject = computed(() => {
    const layers = compare.plan.layers.map((item) =>
      item ? `${item.methodId} ${optionsKey(item.options)}` : `${doc.methodId} ${optionsKey(doc.options)}`,
    );
    return [doc.photo?.photo, view.shows, ...layers].join('|');
  });
  const stopped = ref<string | null>(null);
  const lacks = ({ isSlow, pixels, donePixels }: LayerWork): boolean => isSlow && donePixels < pixels;
  const isLacking = computed(() => !view.fault && view.work.layers.some(lacks));
  const isStopped = computed(() => stopped.value !== null && stopped.value === subject.value);
  const isWorking = computed(() => isLacking.value && !isStopped.value);

  const now = ref(performance.now());
  const look = (): number => (now.value = performance.now());
  const { pause, resume } = useIntervalFn(look, LOOK_MS, { immediate: false });
  /** Since when something is being made without a pause. */
  let workingSince = 0;
  watch(isWorking, (works) => {
    workingSince = look();
    if (works) resume();
    else pause();
  });

  /** Before a tile of a method has come, what the method is known to take counts. */
  function withPace(layer: LayerWork): LayerWork {
    if (layer.pace !== null) return layer;
    const { method, scale, options } = layer.enlargement;
    const card = methods.byId.get(method.id);
    const seconds = card ? estimateSeconds(card, scale, 1, options) : null;
    return seconds === null ? layer : { ...layer, pace: seconds / 1000 };
  }
  const progress = computed(() => {
    const { layers, heardAt } = view.work;
    return viewProgress(layers.map(withPace), Math.max(0, now.value - heardAt));
  });

  const canStop = computed(() => isWorking.value && now.value - workingSince > SHORT_MS);
  /** It was stopped, and not all of what is on screen is there. */
  const hasStopped = computed(() => isLacking.value && isStopped.value);
  function toggle(): void {
    if (hasStopped.value) stopped.value = null;
    else if (canStop.value) stopped.value = subject.value;
  }

  return {
    /** 0 to 1, of what is on screen. */
    share: computed(() => progress.value.share),
    /** Until all of it is final; null: not known, or nothing is being made. */
    secondsLeft: computed(() => (isWorking.value ? progress.value.secondsLeft : null)),
    /** Something is being made that takes long enough to be stopped. */
    canStop,
    hasStopped,
    isStopped,
    /** Makes nothing more of what takes long, or goes on; what is there stays. */
    toggle,
  };
});
