import type { Device, MethodOptions } from '../../shared/contract';
import { ORIENTATIONS, UPRIGHT, type Orientation } from '../kernels/orient';
import type { RealDevice } from './runtime';

/** How an enlargement is to be made, beside what of: its options, and where. Methods ignore controls that they have not. */
export interface RunSettings extends Readonly<Omit<MethodOptions, 'consistent'>> {
  /** The nearest enlargement that, reduced by the antialiased bicubic, is the photo again. */
  readonly consistent?: boolean;
  readonly device: Device;
  /** Whether to wait for devices to be tried; an impatient one gets what is known to work. */
  readonly patient: boolean;
  /** Told every device that a network ran on. */
  readonly onDevice?: (device: RealDevice) => void;
}

/** How a picture lies in the runs whose mean is its enlargement. */
export const orientationsOf = ({ ensemble }: RunSettings): readonly Orientation[] =>
  ensemble ? ORIENTATIONS : [UPRIGHT];
