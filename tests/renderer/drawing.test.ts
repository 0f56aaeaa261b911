import { describe, expect, test } from 'vitest';
import { DrawingBeside, type WorkerPort } from '../../src/renderer/scene/drawing/drawingBeside';
import type { FromWorker, ToWorker } from '../../src/renderer/scene/drawing/messages';
import { paintingOf, type Paints } from '../../src/renderer/scene/drawing/painting';
import { layer } from './sceneParts';

const PAINTS: Paints = {
  squarePixels: 8,
  greys: [0.2, 0.3],
  dim: [0, 1],
  warm: [1, 0.5, 0],
  hot: [1, 0, 0],
};
const RECT = { x: 0, y: 0, width: 1, height: 1 };
const canvas = { width: 10, height: 10 };
const painting = paintingOf(canvas, [], PAINTS);

function start() {
  const said: ToWorker[] = [];
  const handedOver: Transferable[] = [];
  const told: string[] = [];
  let isEnded = false;
  const worker: WorkerPort = {
    postMessage: (message: ToWorker, transfer: Transferable[] | StructuredSerializeOptions = []) => {
      said.push(message);
      if (Array.isArray(transfer)) handedOver.push(...transfer);
    },
    terminate: () => (isEnded = true),
    onmessage: null,
    onerror: null,
  };
  const drawing = new DrawingBeside(
    worker,
    { space: 'srgb', deviceName: null },
    { lost: () => told.push('lost'), restored: () => told.push('restored') },
  );
  const answer = (message: FromWorker): void => {
    worker.onmessage?.call(worker as Worker, new MessageEvent('message', { data: message }));
  };
  return { drawing, said, handedOver, told, answer, isEnded: () => isEnded };
}

describe('a worker that draws', () => {
  test('pixels are handed over, each tile by a number of its own', () => {
    const { drawing, said, handedOver } = start();
    const pixels = new Uint8Array([1, 2, 3, 255]);
    const first = drawing.upload(RECT, pixels, false);
    const second = drawing.upload(RECT, new Uint8Array(4), true);
    expect(handedOver[0]).toBe(pixels.buffer);
    expect(second).not.toBe(first);
    drawing.free(first);
    expect(said.at(-1)).toEqual({ kind: 'free', picture: first });
  });

  test('no more than two frames are on their way, and each is told once it or a later one is drawn', () => {
    const { drawing, answer } = start();
    const drawn: number[] = [];
    drawing.draw(painting, () => drawn.push(1));
    expect(drawing.isReady).toBe(true);
    drawing.draw(painting, () => drawn.push(2));
    expect(drawing.isReady).toBe(false);
    answer({ kind: 'drawn', frame: 2 });
    expect(drawn).toEqual([1, 2]);
    expect(drawing.isReady).toBe(true);
    drawing.draw(painting, () => drawn.push(3));
    answer({ kind: 'drawn', frame: 2 });
    expect(drawn).toEqual([1, 2]);
  });

  test('the end and the return of the device are told; after the end of the drawing nothing is', () => {
    const { drawing, told, answer, isEnded } = start();
    answer({ kind: 'lost' });
    answer({ kind: 'restored' });
    drawing.draw(painting, () => told.push('drawn'));
    drawing.close();
    answer({ kind: 'drawn', frame: 1 });
    expect(told).toEqual(['lost', 'restored']);
    expect(isEnded()).toBe(true);
  });
});

test('of a plan what is drawn is plain data: edges and numbers of pictures', () => {
  const clip = { x: 0, y: 0, width: 4, height: 4 };
  const tile = { rect: RECT, picture: 7, bytes: 4, arrived: 0 };
  const quad = {
    layer: layer('bicubic', 2),
    tile,
    left: 0,
    top: 1,
    right: 2,
    bottom: 3,
    exact: true,
    shading: 'plain',
    opacity: 0.5,
  } as const;
  const { draws } = paintingOf(
    canvas,
    [
      { kind: 'layer', clip, quads: [quad] },
      { kind: 'difference', clip, quads: [[quad], []], gain: 4, isSigned: true },
    ],
    PAINTS,
  );
  const drawn = {
    picture: 7,
    left: 0,
    top: 1,
    right: 2,
    bottom: 3,
    exact: true,
    shading: 'plain',
    opacity: 0.5,
  };
  expect(structuredClone(draws)).toEqual([
    { kind: 'layer', clip, quads: [drawn] },
    { kind: 'difference', clip, quads: [[drawn], []], gain: 4, isSigned: true },
  ]);
});
