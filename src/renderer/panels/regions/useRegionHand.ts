import { useEventListener } from '@vueuse/core';
import type { Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import type { DocumentRegion } from '../../document/document';
import { drawn, hitRegion, moved, resized, type Handle, type Hit } from '../../document/regionShape';
import type { ScreenPoint, SourcePoint } from '../../scene/coordinates';
import { useDocument } from '../../stores/document';
import { useRegions } from '../../stores/regions';
import { useView } from '../../stores/view';
import { useWorkspace } from '../../stores/workspace';
import { useRegionFrames } from './useRegionFrames';

/** How near is near enough, and from where on a press is a drag: CSS pixels. */
const REACH = 7;
const DRAG_FROM = 4;

/** What a hand holds. Every gesture is one step once it lets go. */
interface Gesture {
  readonly id: string;
  readonly pointer: number;
  /** Device pixels of the canvas. */
  readonly start: ScreenPoint;
  readonly source: SourcePoint;
  /** null: what is drawn. */
  readonly part: Hit['part'] | null;
  readonly region: DocumentRegion;
  hasMoved: boolean;
}

const CURSORS: Readonly<Record<Hit['part'], string>> = {
  nw: 'nwse-resize',
  se: 'nwse-resize',
  ne: 'nesw-resize',
  sw: 'nesw-resize',
  n: 'ns-resize',
  s: 'ns-resize',
  e: 'ew-resize',
  w: 'ew-resize',
  edge: 'move',
  inside: 'move',
};
const isHandle = (part: Hit['part']): part is Handle => part !== 'edge' && part !== 'inside';
const SQUARE = { width: 1, height: 1 } as const;

/**
 * The pointer on regions: the tool (or Shift) draws, an edge moves, a handle resizes; what is not a region's is
 * left to the hand that pans. `view` is the element around the canvas.
 */
export function useRegionHand(view: Ref<HTMLElement | null>): void {
  const { t } = useI18n();
  const doc = useDocument();
  const regions = useRegions();
  const canvasView = useView();
  const workspace = useWorkspace();
  const { paneAt, sourceAt } = useRegionFrames();
  let gesture: Gesture | null = null;
  let count = 0;

  const positionOf = (event: PointerEvent): ScreenPoint => {
    const box = view.value!.getBoundingClientRect();
    const { pixelRatio } = canvasView.canvas;
    return { x: (event.clientX - box.left) * pixelRatio, y: (event.clientY - box.top) * pixelRatio };
  };
  const isOnPhoto = (event: Event): boolean => event.target instanceof HTMLCanvasElement;

  /** What a press here would take hold of; null: nothing of a region. */
  function hitAt(at: ScreenPoint, draws: boolean): Hit | null {
    const pane = paneAt(at);
    if (!pane) return null;
    const chosen = regions.chosen?.id ?? null;
    const hit = hitRegion(pane.frames, chosen, at, REACH * canvasView.canvas.pixelRatio);
    // The inside is the photo's, but for the chosen region's while the tool is in the hand.
    if (hit?.part === 'inside') return draws && hit.id === chosen ? hit : null;
    return hit;
  }

  useEventListener(
    view,
    'pointerdown',
    (event: PointerEvent) => {
      const { photo } = regions;
      if (!photo || event.button !== 0 || !isOnPhoto(event) || gesture) return;
      if (workspace.isSpaceHeld) return;
      const at = positionOf(event);
      const source = sourceAt(at, at);
      const draws = workspace.hand === 'region' || event.shiftKey;
      const hit = hitAt(at, workspace.hand === 'region');
      if (!source || (!hit && !draws)) return;
      const held = hit && regions.list.find(({ id }) => id === hit.id);
      const name = (n: number): string => t('regions.numbered', { n });
      count += 1;
      event.preventDefault();
      event.stopPropagation();
      (event.target as HTMLElement).focus({ preventScroll: true });
      view.value!.setPointerCapture(event.pointerId);
      gesture = {
        id: `region ${count}`,
        pointer: event.pointerId,
        start: at,
        source,
        part: held ? hit.part : null,
        region: held ?? regions.fresh({ x: 0, y: 0, width: 1, height: 1 }, name),
        hasMoved: false,
      };
      if (held) regions.choose(held.id);
    },
    { capture: true },
  );

  function drag(event: PointerEvent, { id, start, source, part, region }: Gesture): void {
    const to = sourceAt(positionOf(event), start);
    const photo = regions.photo?.info;
    if (!to || !photo) return;
    const ratio = event.shiftKey && (part !== null || workspace.hand === 'region') ? SQUARE : region.ratio;
    if (part === null) {
      regions.draw(id, { ...region, rect: drawn(source, to, photo, ratio) });
      return;
    }
    const { rect } = region;
    const own = event.shiftKey ? { width: rect.width, height: rect.height } : region.ratio;
    const place = isHandle(part)
      ? resized(rect, part, to, photo, own)
      : moved(rect, to.x - source.x, to.y - source.y, photo);
    regions.dragTo(id, region.id, place);
  }

  useEventListener(
    view,
    'pointermove',
    (event: PointerEvent) => {
      const held = gesture;
      if (!held) {
        const hit = isOnPhoto(event) ? hitAt(positionOf(event), workspace.hand === 'region') : null;
        const drawing = workspace.hand === 'region' || event.shiftKey ? 'crosshair' : '';
        view.value!.style.setProperty('--region-cursor', (hit && CURSORS[hit.part]) || drawing || 'grab');
        return;
      }
      if (event.pointerId !== held.pointer) return;
      event.stopPropagation();
      // Escape took it back: the hand holds nothing more.
      if (held.hasMoved && !doc.isDragging) {
        gesture = null;
        return;
      }
      const at = positionOf(event);
      const far = Math.hypot(at.x - held.start.x, at.y - held.start.y);
      if (!held.hasMoved && far < DRAG_FROM * canvasView.canvas.pixelRatio) return;
      drag(event, held);
      held.hasMoved = doc.isDragging;
    },
    { capture: true },
  );

  const end = (event: PointerEvent): void => {
    const held = gesture;
    if (!held || event.pointerId !== held.pointer) return;
    gesture = null;
    if (doc.isDragging) doc.letGo();
    if (held.hasMoved && held.part === null) workspace.take('hand');
    // A click with the tool chooses what lies there, or nothing.
    if (!held.hasMoved && held.part === null) {
      const pane = paneAt(held.start);
      const hit = pane && hitRegion(pane.frames, null, held.start, REACH * canvasView.canvas.pixelRatio);
      regions.choose(hit?.id ?? null);
    }
  };
  useEventListener(view, 'pointerup', end, { capture: true });
  useEventListener(view, 'pointercancel', end, { capture: true });
}
