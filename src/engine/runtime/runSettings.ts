import type { Device } from '../../shared/contract';
import type { RealDevice } from './runtime';

/** How an enlargement is to be made, beside what of. */
export interface RunSettings {
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
