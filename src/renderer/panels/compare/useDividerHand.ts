import { useEventListener } from '@vueuse/core';
import type { Ref } from 'vue';
import { shareAt } from '../../components/dividerShare';
import { useCompare } from '../../stores/compare';
import { useDocument } from '../../stores/document';
import { useWorkspace } from '../../stores/workspace';

/**
 * The divider in the hand: a press anywhere on the photo brings the divider there, and it follows until the hand
 * lets go: one step. `view` is the element around the canvas.
 */
export function useDividerHand(view: Ref<HTMLElement | null>): void {
  const compare = useCompare();
  const doc = useDocument();
  const workspace = useWorkspace();
  let pointer: number | null = null;

  function follow(event: PointerEvent): void {
    const { axis } = compare.compare.split;
    const at = shareAt(event, view.value!.getBoundingClientRect(), axis);
    compare.dragView({ split: { axis, at } });
  }

  useEventListener(
    view,
    'pointerdown',
    (event: PointerEvent) => {
      const isOurs = workspace.hand === 'divider' && compare.kind === 'split' && event.button === 0;
      if (!isOurs || !(event.target instanceof HTMLCanvasElement)) return;
      event.preventDefault();
      event.stopPropagation();
      event.target.focus({ preventScroll: true });
      pointer = event.pointerId;
      view.value!.setPointerCapture(pointer);
      follow(event);
    },
    { capture: true },
  );
  useEventListener(
    view,
    'pointermove',
    (event: PointerEvent) => {
      if (event.pointerId !== pointer) return;
      event.stopPropagation();
      // Escape took it back: the hand holds nothing more.
      if (!doc.isDragging) pointer = null;
      else follow(event);
    },
    { capture: true },
  );
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    if (doc.isDragging) doc.letGo();
  };
  useEventListener(view, 'pointerup', end, { capture: true });
  useEventListener(view, 'pointercancel', end, { capture: true });
}
