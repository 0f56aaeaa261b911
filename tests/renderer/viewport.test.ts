import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Drawing } from '../../src/renderer/scene/drawing/drawing';
import { Scene, type SceneContent } from '../../src/renderer/scene/scene';
import { Feed } from '../../src/renderer/scene/feed';
import { Viewport, type DrawnFrame } from '../../src/renderer/scene/viewport';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { FakeDoor, photoInfo } from './fakeDoor';

const content = (id: string): SceneContent => ({
  layers: [
    { photo: photoInfo(), method: { id }, options: PLAIN_OPTIONS, shows: 'enlargement', isSlow: false },
  ],
  layout: { kind: 'single', layer: 0 },
  link: 'together',
  isStopped: false,
});

let frames: FrameRequestCallback[] = [];
beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: FrameRequestCallback) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A viewport whose drawing has at most one frame on its way, which is drawn when told so. */
function start() {
  const onTheirWay: (() => void)[] = [];
  const told: (DrawnFrame | boolean)[] = [];
  const drawing: Drawing = {
    space: 'srgb',
    deviceName: null,
    get isReady() {
      return onTheirWay.length === 0;
    },
    upload: () => 1,
    free: () => undefined,
    draw: (_painting, drawn) => onTheirWay.push(drawn),
    close: () => undefined,
  };
  const scene = new Scene(
    new Feed(new FakeDoor().client),
    drawing,
    () => 0,
    { changed: () => undefined },
    2 ** 20,
  );
  const viewport = new Viewport({
    drawing,
    scene,
    drawn: (frame) => told.push(frame),
    settled: (isSettled) => told.push(isSettled),
    paints: () => ({
      squarePixels: 8,
      greys: [0, 1],
      dim: [0, 1],
      warm: [1, 1, 0],
      hot: [1, 0, 0],
    }),
    reducedMotion: () => true,
  });
  const next = (): void => frames.splice(0).forEach((frame) => frame(0));
  viewport.resize({ width: 800, height: 600 }, 1);
  viewport.show(content('bicubic'));
  return { viewport, told, next, onTheirWay, drawn: () => onTheirWay.shift()!() };
}

test('what is true of a frame is told once it is drawn, and that it rests only if nothing moved since', () => {
  const { viewport, told, next, drawn } = start();
  next();
  expect(told.filter((one) => one !== false)).toEqual([]);
  drawn();
  expect(told.at(-2)).toMatchObject({ moved: { isFitted: true }, facts: { done: 0 } });
  expect(told.at(-1)).toBe(true);

  viewport.pan(10, 0, null);
  next();
  viewport.pan(10, 0, null);
  told.length = 0;
  drawn();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ moved: { isFitted: false } });
});

test('while a frame is on its way no other is planned; what changed meanwhile follows it', () => {
  const { viewport, next, onTheirWay, drawn } = start();
  next();
  viewport.invalidate();
  next();
  expect(onTheirWay).toHaveLength(1);
  expect(frames).toHaveLength(0);
  drawn();
  expect(frames).toHaveLength(1);
  next();
  expect(onTheirWay).toHaveLength(1);
});

test('a frame of what was looked at before is not told of any more', () => {
  const { viewport, told, next, drawn } = start();
  next();
  viewport.show(content('lanczos-3'));
  told.length = 0;
  drawn();
  expect(told).toEqual([]);
});
