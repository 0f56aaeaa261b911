import type { MessagePort } from 'node:worker_threads';
import { movable, type PixelAnswer, type PixelOrder } from './messages';
import { finishWithMap } from './inventionMap';
import { complete, completeCells, interpolate, projectConsistent } from './operations';

function carryOut(order: PixelOrder): PixelAnswer {
  const { id } = order;
  try {
    if (order.operation === 'interpolate') return { id, result: interpolate(...order.given) };
    if (order.operation === 'cells') return { id, result: completeCells(...order.given) };
    if (order.operation === 'map') return { id, result: finishWithMap(...order.given) };
    if (order.operation === 'project') return { id, result: projectConsistent(...order.given) };
    const [{ window }, , finish] = order.given;
    const result = complete(...order.given);
    // A raster may be the very one that was given.
    return finish.to === 'raster' ? { id, result } : { id, result, spent: window.pixels.data };
  } catch (error) {
    return { id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** Carries out orders that come over the port, one after another. */
export function servePixels(port: MessagePort): void {
  port.on('message', (order: PixelOrder) => {
    const answer = carryOut(order);
    port.postMessage(answer, [...movable(answer)]);
  });
}
