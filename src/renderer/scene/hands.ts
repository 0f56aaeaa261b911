import type { ScreenPoint } from './coordinates';
import type { Viewport } from './viewport';
import { wheelIntent } from './wheelIntent';

export interface HandsOptions {
  readonly viewport: Viewport;
  /** Screen position of the cursor, device pixels; null when it leaves. */
  readonly hovered: (at: ScreenPoint | null) => void;
  /** Two clicks in one place. */
  readonly doubled: () => void;
}

const ARROW_PIXELS = 64;
const FAR = 4;

/**
 * Mouse, touch, wheel and arrow keys on an element, as movements of a viewport. One pointer drags, two pinch; what
 * a wheel or two fingers on a trackpad want is `wheelIntent`. The function returned takes the hands off.
 */
export function layHands(on: HTMLElement, { viewport, hovered, doubled }: HandsOptions): () => void {
  const pointers = new Map<number, ScreenPoint>();
  const off = new AbortController();

  const positionOf = (event: MouseEvent): ScreenPoint => {
    const box = on.getBoundingClientRect();
    const ratio = window.devicePixelRatio;
    return { x: (event.clientX - box.left) * ratio, y: (event.clientY - box.top) * ratio };
  };
  const listen = <K extends keyof HTMLElementEventMap>(
    name: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    passive = true,
  ): void => on.addEventListener(name, listener, { signal: off.signal, passive });

  listen('pointerdown', (event) => {
    if (event.button > 1 || pointers.size >= 2) return;
    on.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, positionOf(event));
    on.toggleAttribute('data-dragging', true);
  });

  listen('pointermove', (event) => {
    const at = positionOf(event);
    if (event.pointerType !== 'touch') hovered(at);
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, at);
    if (other) viewport.pinch([before, other], [at, other]);
    else viewport.pan(at.x - before.x, at.y - before.y, before);
  });

  const letGo = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    on.toggleAttribute('data-dragging', pointers.size > 0);
  };
  listen('pointerup', letGo);
  listen('pointercancel', letGo);
  listen('pointerleave', () => hovered(null));
  listen('dblclick', doubled);

  listen(
    'wheel',
    (event) => {
      event.preventDefault();
      const intent = wheelIntent(event);
      const at = positionOf(event);
      const ratio = window.devicePixelRatio;
      if (intent.kind === 'zoom') viewport.wheel(at, intent.pixels, intent.eased);
      else viewport.pan(intent.dx * ratio, intent.dy * ratio, at);
    },
    false,
  );

  listen(
    'keydown',
    (event) => {
      const step = ARROW_PIXELS * window.devicePixelRatio * (event.shiftKey ? FAR : 1);
      const moves: Partial<Record<string, [number, number]>> = {
        ArrowLeft: [step, 0],
        ArrowRight: [-step, 0],
        ArrowUp: [0, step],
        ArrowDown: [0, -step],
      };
      const move = moves[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      viewport.pan(...move, null);
    },
    false,
  );

  return () => off.abort();
}
