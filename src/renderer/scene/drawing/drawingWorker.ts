import { Drawer } from './drawer';
import type { FromWorker, ToWorker } from './messages';
import type { Painting } from './painting';

/** A worker that draws the canvas which it is given (messages.ts). Of frames that wait only the latest is drawn. */
const say = (message: FromWorker): void => self.postMessage(message);

let drawer: Drawer | null = null;
let waiting: { readonly frame: number; readonly painting: Painting } | null = null;

function drawWaiting(): void {
  if (!waiting) return;
  const { frame, painting } = waiting;
  waiting = null;
  drawer?.draw(painting);
  // The browser shows what was drawn once this callback is over: the page hears of it afterwards.
  setTimeout(() => say({ kind: 'drawn', frame }), 0);
}

function take(message: ToWorker): void {
  switch (message.kind) {
    case 'start': {
      drawer = Drawer.on(message.canvas, message.space, {
        lost: () => say({ kind: 'lost' }),
        restored: () => say({ kind: 'restored' }),
      });
      const told = drawer && { space: drawer.space, deviceName: drawer.deviceName };
      say({ kind: 'started', drawer: told });
      return;
    }
    case 'upload':
      drawer?.upload(message.picture, message.rect, message.pixels, message.hasAlpha);
      return;
    case 'free':
      drawer?.free(message.picture);
      return;
    case 'draw': {
      const isNew = waiting === null;
      waiting = message;
      if (isNew) requestAnimationFrame(drawWaiting);
    }
  }
}

/** Some browsers have workers and canvases for them, but no WebGL or no frames there. */
function canDraw(): boolean {
  if (typeof OffscreenCanvas === 'undefined' || typeof requestAnimationFrame === 'undefined') return false;
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => take(data));
say({ kind: 'able', isAble: canDraw() });
