import type { DisplaySpace, TileRect } from '../../../shared/contract';
import type { DeviceListener, Drawing } from './drawing';
import type { FromWorker, ToWorker } from './messages';
import type { Painting, TilePicture } from './painting';

/** One is drawn while the next is planned; more would only make what a hand does come later. */
const FRAMES_ON_THEIR_WAY = 2;

/** The part of a worker that a drawing needs. */
export type WorkerPort = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

/**
 * Draws in a worker; null where the browser cannot, and the canvas is as it was then. Rejects when the worker fails
 * after it has taken the canvas.
 */
export async function openBeside(
  canvas: HTMLCanvasElement,
  space: DisplaySpace,
  listener: DeviceListener,
): Promise<Drawing | null> {
  if (!('transferControlToOffscreen' in canvas) || typeof Worker === 'undefined') return null;
  const worker = new Worker(new URL('./drawingWorker.ts', import.meta.url), { type: 'module' });
  const able = await nextOf(worker).catch(() => null);
  if (able?.kind !== 'able' || !able.isAble) {
    worker.terminate();
    return null;
  }
  const offscreen = canvas.transferControlToOffscreen();
  const started = nextOf(worker);
  worker.postMessage({ kind: 'start', canvas: offscreen, space } satisfies ToWorker, [offscreen]);
  const answer = await started;
  if (answer.kind === 'started' && answer.drawer) return new DrawingBeside(worker, answer.drawer, listener);
  worker.terminate();
  throw new Error(
    'expected a worker that has WebGL 2 to have it on the canvas of the view too, received none; reload the page.',
  );
}

/** The next word of a worker; rejects where it cannot even be loaded. */
const nextOf = (worker: WorkerPort): Promise<FromWorker> =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(`the worker that draws the view failed: ${message}`));
  });

/** The drawing of a worker that has its canvas. */
export class DrawingBeside implements Drawing {
  readonly space: DisplaySpace;
  readonly deviceName: string | null;
  private given: TilePicture = 0;
  private frame = 0;
  /** Frames that the worker has not drawn yet, and who waits for them. */
  private readonly onTheirWay = new Map<number, () => void>();

  constructor(
    private readonly worker: WorkerPort,
    drawer: { readonly space: DisplaySpace; readonly deviceName: string | null },
    private readonly listener: DeviceListener,
  ) {
    this.space = drawer.space;
    this.deviceName = drawer.deviceName;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.hear(data);
    worker.onerror = null; // what fails from here on is the page's own failure, and is told as such
  }

  get isReady(): boolean {
    return this.onTheirWay.size < FRAMES_ON_THEIR_WAY;
  }

  upload(rect: TileRect, pixels: Uint8Array, hasAlpha: boolean): TilePicture {
    this.given += 1;
    this.say({ kind: 'upload', picture: this.given, rect, pixels, hasAlpha }, [pixels.buffer]);
    return this.given;
  }

  free(picture: TilePicture): void {
    this.say({ kind: 'free', picture });
  }

  draw(painting: Painting, drawn: () => void): void {
    this.frame += 1;
    this.onTheirWay.set(this.frame, drawn);
    this.say({ kind: 'draw', frame: this.frame, painting });
  }

  close(): void {
    this.worker.onmessage = null;
    this.onTheirWay.clear();
    this.worker.terminate();
  }

  private hear(message: FromWorker): void {
    switch (message.kind) {
      case 'drawn':
        for (const [frame, drawn] of [...this.onTheirWay]) {
          if (frame > message.frame) break;
          this.onTheirWay.delete(frame);
          drawn();
        }
        return;
      case 'lost':
        this.listener.lost();
        return;
      case 'restored':
        this.listener.restored();
        return;
      case 'able':
      case 'started':
        throw new Error(`expected a word of frames from the worker that draws, received "${message.kind}"`);
    }
  }

  private say(message: ToWorker, handedOver: Transferable[] = []): void {
    this.worker.postMessage(message, handedOver);
  }
}
