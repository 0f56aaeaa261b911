import type { MethodCard } from '../../shared/contract';
import type { Rect } from '../../shared/geometry';
import type { RunSettings } from '../runtime/runSettings';
import type { ModelRef } from '../onnx/modelRef';
import type { Trial } from '../runtime/trial';
import type { Photo } from '../photos/photo';
import type { Finish, Finished, FinishKind } from '../pixels/finish';
import type { RunCount } from './runCount';

export interface EnlargeRequest {
  readonly photo: Photo;
  /** Output pixels per source pixel, 1 to 30. */
  readonly scale: number;
  /** Part of the whole enlargement's grid. */
  readonly output: Rect<'output'>;
  readonly runSettings: RunSettings;
  readonly signal: AbortSignal;
  /** Nobody comes back to this part of the photo, as a view does: nothing is kept of what is made on the way. */
  readonly once?: boolean;
  /** Hears how far the work is; nobody does where it is left out. */
  readonly runs?: RunCount | undefined;
}

/** A way to enlarge photos. */
export interface Method {
  readonly id: string;
  readonly card: Omit<MethodCard, 'origin' | 'source' | 'paces' | 'device'>;
  /** What has weights in it, each with the way to try it; none in an interpolation. */
  readonly networks: readonly { readonly model: ModelRef; readonly trial: Trial }[];
  /**
   * Exactly the pixels `output` of the photo's whole enlargement, as many channels as the photo has, in the
   * form that `finish` asks for. They do not depend on which rectangles were asked for before or beside.
   */
  enlarge<K extends FinishKind>(order: EnlargeRequest, finish: Finish<K>): Promise<Finished[K]>;
  /** Multiplications for each pixel of the photo at a scale; how heavy the method is, before it was measured. */
  macsPerPixel(scale: number): number;
  /** Sides of output rectangles in which a job does well to ask, in pixels: one run of the network each. */
  tileSide(scale: number): number;
  /** How long such a rectangle may be, where it is as much shorter the other way; absent: no longer than that side. */
  longestTile?(scale: number): number;
}
