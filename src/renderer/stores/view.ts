import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Shows } from '../../shared/contract';
import type { Fault } from '../../shared/faults';
import type { Rect, Size } from '../../shared/geometry';
import type { Camera } from '../scene/camera';
import type { ScreenPoint, SourcePoint } from '../scene/coordinates';
import { NO_FACTS, type LayerFacts } from '../scene/sceneFacts';
import type { ShownMaker } from '../scene/shownMaker';

/** What the view can be told to do, by keys and buttons outside it. */
export interface ViewCommands {
  fit(): void;
  step(direction: 1 | -1): void;
  zoomTo(zoom: number): void;
  focus(): void;
  /** Comes to a part of the photo and shows it whole. */
  fly(part: Rect<'source'>): void;
  /** Tries once more what could not be shown. */
  retry(): void;
}

/** What the view shows: told by the scene, read by the status bar. */
export const useView = defineStore('view', () => {
  const camera = shallowRef<Camera | null>(null);
  const isFitted = ref(true);
  /** Source pixel under the cursor; null: the cursor is not on the photo. */
  const cursor = shallowRef<SourcePoint | null>(null);
  /** Where the pointer is on the canvas, device pixels; null: it is not over it. */
  const pointer = shallowRef<ScreenPoint | null>(null);
  /** Device pixels, and how many of them make a CSS pixel. */
  const canvas = shallowRef<Size & { readonly pixelRatio: number }>({ width: 1, height: 1, pixelRatio: 1 });
  /** What is true of each layer that is compared, and what made what stands there, by place. */
  const layers = shallowRef<readonly LayerFacts[]>([]);
  const makers = shallowRef<readonly (ShownMaker | null)[]>([]);
  const tiles = shallowRef({ done: 0, total: 0 });
  /** Whether `tiles` is of the view as it is now: it rests, and what it needs was asked for. */
  const isSettled = ref(false);
  /** How far it is, tiles included that are being made. */
  const work = shallowRef(NO_FACTS.work);
  /** What the user wants to see of the enlargement. */
  const shows = ref<Shows>('enlargement');
  /** Of what is on screen, root mean square of the invented part, steps of 8 bits; null: not known. */
  const invented = ref<number | null>(null);
  /** What made most of the pixels that are on screen, which may be another method meanwhile; null: none are. */
  const shownMaker = shallowRef<ShownMaker | null>(null);
  /** Pixels of the photo are on screen, of whatever quality. */
  const hasPixels = computed(() => shownMaker.value !== null);
  /** Why what is chosen cannot be shown; lasts as long as that. */
  const fault = shallowRef<Fault | null>(null);
  const commands = shallowRef<ViewCommands | null>(null);
  /** What draws the view, by name; null: not known. */
  const graphicsName = ref<string | null>(null);
  /** There is something to be invented only where something is enlarged. */
  const isEnlarging = computed(() => camera.value !== null && camera.value.zoom > 1);
  /** The photo is shown smaller than it is, where no method has anything to do. */
  const isReduced = computed(() => camera.value !== null && camera.value.zoom < 1);
  const isSharp = computed(() => tiles.value.total > 0 && tiles.value.done === tiles.value.total);

  const toggleInvented = (): void => {
    shows.value = shows.value === 'invented' ? 'enlargement' : 'invented';
  };

  return {
    camera,
    isFitted,
    cursor,
    pointer,
    canvas,
    layers,
    makers,
    tiles,
    isSettled,
    work,
    shows,
    invented,
    shownMaker,
    hasPixels,
    fault,
    commands,
    graphicsName,
    isEnlarging,
    isReduced,
    isSharp,
    toggleInvented,
  };
});
