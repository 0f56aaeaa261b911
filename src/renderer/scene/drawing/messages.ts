import type { DisplaySpace, TileRect } from '../../../shared/contract';
import type { Painting, TilePicture } from './painting';

/** What the page says to the worker that draws. Buffers and the canvas are handed over, not copied. */
export type ToWorker =
  | { readonly kind: 'start'; readonly canvas: OffscreenCanvas; readonly space: DisplaySpace }
  | {
      readonly kind: 'upload';
      readonly picture: TilePicture;
      readonly rect: TileRect;
      readonly pixels: Uint8Array;
      readonly hasAlpha: boolean;
    }
  | { readonly kind: 'free'; readonly picture: TilePicture }
  | { readonly kind: 'draw'; readonly frame: number; readonly painting: Painting };

/** What the worker says to the page. */
export type FromWorker =
  /** First of all: whether it could draw at all. */
  | { readonly kind: 'able'; readonly isAble: boolean }
  /** To `start`; null: the canvas has no WebGL 2. */
  | {
      readonly kind: 'started';
      readonly drawer: { readonly space: DisplaySpace; readonly deviceName: string | null } | null;
    }
  /** The canvas shows this frame; those before it, which were not drawn yet, are passed over. */
  | { readonly kind: 'drawn'; readonly frame: number }
  | { readonly kind: 'lost' }
  | { readonly kind: 'restored' };
