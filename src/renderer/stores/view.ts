import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Fault } from '../../shared/faults';
import type { Camera, Point } from '../view/camera';

/** What the view can be told to do, by keys and buttons outside it. */
export interface ViewCommands {
  fit(): void;
  step(direction: 1 | -1): void;
  zoomTo(zoom: number): void;
  focus(): void;
}

/** What the view shows: told by the stage, read by the status bar. */
export const useView = defineStore('view', () => {
  const camera = shallowRef<Camera | null>(null);
  const isFitted = ref(true);
  /** Source pixel under the cursor; null: the cursor is not on the photo. */
  const cursor = shallowRef<Point | null>(null);
  const tiles = shallowRef({ done: 0, total: 0 });
  /** Pixels of the photo are on screen, of whatever quality. */
  const hasPixels = ref(false);
  const fault = shallowRef<Fault | null>(null);
  const commands = shallowRef<ViewCommands | null>(null);
  const isSharp = computed(() => tiles.value.total > 0 && tiles.value.done === tiles.value.total);

  return { camera, isFitted, cursor, tiles, hasPixels, fault, commands, isSharp };
});
