import type { DisplaySpace } from '../../../shared/contract';
import { Drawer } from './drawer';
import type { DeviceListener, Drawing } from './drawing';
import type { TilePicture } from './painting';

/** Draws in the page itself, each frame while it is told; null where the browser has no WebGL 2. */
export function openHere(
  canvas: HTMLCanvasElement,
  space: DisplaySpace,
  listener: DeviceListener,
): Drawing | null {
  const drawer = Drawer.on(canvas, space, listener);
  if (!drawer) return null;
  let given: TilePicture = 0;
  return {
    space: drawer.space,
    deviceName: drawer.deviceName,
    isReady: true,
    upload: (rect, pixels, hasAlpha) => {
      given += 1;
      drawer.upload(given, rect, pixels, hasAlpha);
      return given;
    },
    free: (picture) => drawer.free(picture),
    draw: (painting, drawn) => {
      drawer.draw(painting);
      drawn();
    },
    close: () => drawer.close(),
  };
}
