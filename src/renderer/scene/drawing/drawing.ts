import type { DisplaySpace, TileRect } from '../../../shared/contract';
import type { Painting, TilePicture } from './painting';

/** The graphics device may stop at any time (sleep, a driver's end) and come back. */
export interface DeviceListener {
  lost(): void;
  /** It came back: all pictures are gone and have to be given anew. */
  restored(): void;
}

/** The canvas's one drawing, wherever it runs. */
export interface Drawing {
  /** In which the tiles are to be; of the canvas as the browser could make it. */
  readonly space: DisplaySpace;
  /** What draws here, as it is sold; null: the browser does not tell. */
  readonly deviceName: string | null;
  /** No more frames are on their way than are worth it: one that is drawn now is not waited for long. */
  readonly isReady: boolean;
  /** Takes straight RGBA of exactly the tile's size for good: whoever gives it reads it no more. */
  upload(rect: TileRect, pixels: Uint8Array, hasAlpha: boolean): TilePicture;
  free(picture: TilePicture): void;
  /** `drawn` is called once the canvas shows this frame or a later one; frames are told in their order. */
  draw(painting: Painting, drawn: () => void): void;
  /** Gives the graphics device back; nothing is told any more. */
  close(): void;
}
