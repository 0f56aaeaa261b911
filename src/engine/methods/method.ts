import type { Device, MethodCard } from '../../shared/contract';
import type { Rect } from '../../shared/geometry';
import type { ModelRef, RealDevice } from '../models/runtime';
import type { Trial } from '../models/trial';
import type { Photo } from '../photo';
import type { Finish, Finished, FinishKind } from '../pixels/finish';

/** How an enlargement is to be made, beside what of. */
export interface Manner {
  /** Mean over the 8 flips and rotations. Methods that are the same in all of them have it anyway. */
  readonly ensemble: boolean;
  /** The nearest enlargement that, reduced by the antialiased bicubic, is the photo again. */
  readonly consistent?: boolean;
  /** What the user turned; without: the method's own default. Methods that have no such control ignore it. */
  readonly crispness?: number | undefined;
  readonly strength?: number | undefined;
  readonly seed?: number | undefined;
  readonly device: Device;
  /** Whether to wait for devices to be tried; an impatient one gets what is known to work. */
  readonly patient: boolean;
  /** Told every device that a network ran on. */
  readonly onDevice?: (device: RealDevice) => void;
}

export interface EnlargeOrder {
  readonly photo: Photo;
  /** Output pixels per source pixel, 1 to 30. */
  readonly scale: number;
  /** Part of the whole enlargement's grid. */
  readonly output: Rect<'output'>;
  readonly manner: Manner;
  readonly signal: AbortSignal;
}

/** A way to enlarge photos. */
export interface Method {
  readonly id: string;
  readonly card: Omit<MethodCard, 'secondsPerMegapixel' | 'device'>;
  /** What has weights in it, each with the way to try it; none in an interpolation. */
  readonly networks: readonly { readonly model: ModelRef; readonly trial: Trial }[];
  /**
   * Exactly the pixels `output` of the photo's whole enlargement, as many channels as the photo has, in the
   * form that `finish` asks for. They do not depend on which rectangles were asked for before or beside.
   */
  enlarge<K extends FinishKind>(order: EnlargeOrder, finish: Finish<K>): Promise<Finished[K]>;
  /** Multiplications for each pixel of the photo at a scale; how heavy the method is, before it was measured. */
  macsPerPixel(scale: number): number;
  /** Sides of output rectangles in which a job does well to ask, in pixels: one run of the network each. */
  tileSide(scale: number): number;
}
