import type { DisplaySpace } from '../../../shared/contract';
import type { DeviceListener, Drawing } from './drawing';
import { openBeside } from './drawingBeside';
import { openHere } from './drawingHere';

/**
 * Takes a canvas to draw on, once and for all: in a worker where the browser can, for a browser that draws by software
 * copies the whole canvas with each frame, and whoever draws waits for it; in the page otherwise. null: it has no
 * WebGL 2. `space` is the colour space to be shown in, where the canvas can.
 */
export const openDrawing = async (
  canvas: HTMLCanvasElement,
  space: DisplaySpace,
  listener: DeviceListener,
): Promise<Drawing | null> =>
  (await openBeside(canvas, space, listener)) ?? openHere(canvas, space, listener);
