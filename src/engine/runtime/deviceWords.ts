import { FaultError } from '../../shared/faults';
import type { RealDevice } from './runtime';

const NAMES: Readonly<Record<RealDevice, string>> = {
  cpu: 'the CPU',
  webgpu: 'the graphics device (WebGPU)',
  cuda: 'the graphics device (CUDA)',
  dml: 'the graphics device (DirectML)',
  coreml: 'the graphics device (Core ML)',
};

/** A device as a sentence begins with it: `The graphics device (WebGPU)`. */
export const deviceAtStart = (device: RealDevice): string =>
  NAMES[device].charAt(0).toUpperCase() + NAMES[device].slice(1);

/** What the runtime said, shortened to what a person can read: its last line, without its source paths. */
export function inShort(error: unknown): string {
  const detail = error instanceof FaultError ? (error.fault.detail ?? error.message) : String(error);
  const words = detail.replace(/^.*?(?:was false\.|Status Message:)\s*/s, '').replace(/^Error:\s*/, '');
  return words.trim().replace(/\s+/g, ' ').slice(0, 160);
}
