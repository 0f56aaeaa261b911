import { useEventListener } from '@vueuse/core';
import { computed, ref, type Ref } from 'vue';

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A rectangle drawn from a free place of a list over what has `data-photo`: tells what it touches, again with every
 * movement. Gives the rectangle as a style, inside the list's parent; null: none is drawn.
 */
export function useRubberBand(list: Ref<HTMLElement | null>, choose: (tokens: readonly string[]) => void) {
  const from = ref<Point | null>(null);
  const to = ref<Point | null>(null);

  useEventListener(list, 'pointerdown', (event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType === 'touch' || event.target !== list.value) return;
    list.value?.setPointerCapture(event.pointerId);
    from.value = { x: event.clientX, y: event.clientY };
  });
  useEventListener(list, 'pointermove', (event: PointerEvent) => {
    if (!from.value) return;
    to.value = { x: event.clientX, y: event.clientY };
    const [left, right] = [from.value.x, to.value.x].sort((a, b) => a - b) as [number, number];
    const touched = [...(list.value?.querySelectorAll<HTMLElement>('[data-photo]') ?? [])].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.left < right && box.right > left;
    });
    if (touched.length > 0) choose(touched.map((one) => one.dataset['photo'] ?? ''));
  });
  useEventListener(list, ['pointerup', 'pointercancel'], () => {
    from.value = null;
    to.value = null;
  });

  return computed(() => {
    const box = list.value?.parentElement?.getBoundingClientRect();
    if (!from.value || !to.value || !box) return null;
    const { x, y } = from.value;
    return {
      left: `${Math.min(x, to.value.x) - box.left}px`,
      top: `${Math.min(y, to.value.y) - box.top}px`,
      width: `${Math.abs(x - to.value.x)}px`,
      height: `${Math.abs(y - to.value.y)}px`,
    };
  });
}
