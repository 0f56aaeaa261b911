import type { MessagePort } from 'node:worker_threads';
import { movable, type PixelAnswer, type PixelOrder } from './messages';
import { complete, interpolate } from './operations';

function carryOut(order: PixelOrder): PixelAnswer {
  try {
    const made = order.operation === 'complete' ? complete(...order.given) : interpolate(...order.given);
    return { id: order.id, made };
  } catch (error) {
    return { id: order.id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Carries out orders that come over the port, one after another. */
export function servePixels(port: MessagePort): void {
  port.on('message', (order: PixelOrder) => {
    const answer = carryOut(order);
    port.postMessage(answer, [...movable(answer)]);
  });
}
