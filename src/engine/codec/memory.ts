import { freemem } from 'node:os';

/** Bytes of memory that this process could still take: what the system has free, within its own limit. */
export function availableMemory(): number {
  // Node 20 has it since 20.13; older ones know only the system's figure.
  const own = (process as { availableMemory?: () => number }).availableMemory?.() ?? Infinity;
  return Math.min(freemem(), own > 0 ? own : Infinity);
}
