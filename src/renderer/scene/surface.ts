import type { Size } from '../../shared/geometry';
import type { Paints } from './drawing/painting';

/** What the visible canvas is told by the page around it. The functions returned stop the following. */

/** The canvas's size in device pixels, exactly where the browser tells it, now and at every change. */
export function followSize(
  surface: HTMLCanvasElement,
  changed: (devicePixels: Size, pixelRatio: number) => void,
): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const ratio = window.devicePixelRatio;
    const exact = entry.devicePixelContentBoxSize[0];
    const width = sideOf(exact?.inlineSize, entry.contentRect.width * ratio);
    const height = sideOf(exact?.blockSize, entry.contentRect.height * ratio);
    if (width > 0 && height > 0) changed({ width, height }, ratio);
  });
  observer.observe(surface, { box: 'device-pixel-content-box' });
  return () => observer.disconnect();
}

/**
 * The browser's own word is of where a box lies between device pixels, which moves a side by less than one; a browser
 * that is made to act as another screen (device emulation) gives it of the screen that it is on.
 */
const sideOf = (exact: number | undefined, computed: number): number =>
  exact !== undefined && Math.abs(exact - computed) < 1.5 ? exact : Math.round(computed);

/** What the drawing takes from the theme in force, from the tokens. */
export function readPaints(surface: HTMLCanvasElement): Paints {
  const style = getComputedStyle(surface);
  const number = (name: string): number => Number.parseFloat(style.getPropertyValue(name));
  const colour = (name: string): [number, number, number] => {
    const [red = 0, green = 0, blue = 0] = style.getPropertyValue(name).trim().split(/\s+/).map(Number);
    return [red / 255, green / 255, blue / 255];
  };
  return {
    squarePixels: number('--checker-side') * window.devicePixelRatio,
    greys: [number('--checker-first'), number('--checker-second')],
    dim: [number('--map-black'), number('--map-white')],
    warm: colour('--map-warm'),
    hot: colour('--map-hot'),
  };
}
