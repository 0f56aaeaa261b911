import type { finishWithMap } from './inventionMap';
import type { complete, completeCells, interpolate, projectConsistent } from './operations';

/** What crosses to a pixel worker and back. */
export type PixelOrder =
  | { readonly id: number; readonly operation: 'complete'; readonly given: Parameters<typeof complete> }
  | {
      readonly id: number;
      readonly operation: 'cells';
      readonly given: Parameters<typeof completeCells>;
    }
  | {
      readonly id: number;
      readonly operation: 'interpolate';
      readonly given: Parameters<typeof interpolate>;
    }
  | {
      readonly id: number;
      readonly operation: 'project';
      readonly given: Parameters<typeof projectConsistent>;
    }
  | { readonly id: number; readonly operation: 'map'; readonly given: Parameters<typeof finishWithMap> };

export type PixelAnswer =
  | {
      readonly id: number;
      readonly result: unknown;
      /** What a network made and nobody needs any more: its memory goes back. */
      readonly spent?: Float32Array;
    }
  | { readonly id: number; readonly error: Error };

/**
 * The memory in a message that moves instead of being copied: what is named itself, and that of all typed arrays that own
 * theirs whole. Memory that was given away before is not among it, so that posting the message is refused: were it
 * moved once more, the other side would never hear of the message, and nobody of that.
 */
export function movable(message: unknown, found: Set<ArrayBuffer> = new Set()): Set<ArrayBuffer> {
  if (message instanceof ArrayBuffer) {
    if (message.byteLength > 0) found.add(message);
  } else if (ArrayBuffer.isView(message)) {
    const { buffer, byteLength } = message;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) movable(buffer, found);
  } else if (typeof message === 'object' && message !== null && !(message instanceof Error)) {
    for (const part of Object.values(message)) movable(part, found);
  }
  return found;
}
