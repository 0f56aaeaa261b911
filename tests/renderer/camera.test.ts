import { describe, expect, test } from 'vitest';
import {
  clampZoom,
  closerZoom,
  easeZoom,
  fit,
  keepOnPhoto,
  nextStop,
  panBy,
  toScreen,
  toSource,
  wheelFactor,
  zoomAt,
  ZOOM_MAX,
  ZOOM_MIN,
  type Camera,
} from '../../src/renderer/scene/camera';
import {
  advance,
  flyTo,
  panMotion,
  pinch,
  turnWheel,
  zoomTowards,
  type ZoomMotion,
} from '../../src/renderer/scene/motion';

const viewport = { width: 1200, height: 700 };
const camera = { zoom: 2.5, x: 310.25, y: 77.5 };
const anchors = [
  { x: 0, y: 0 },
  { x: 600, y: 350 },
  { x: 1199, y: 3 },
  { x: 411.5, y: 699 },
];

describe('the camera', () => {
  test('screen and source are inverses of each other', () => {
    for (const anchor of anchors) {
      const back = toScreen(camera, viewport, toSource(camera, viewport, anchor));
      expect(back.x).toBeCloseTo(anchor.x, 9);
      expect(back.y).toBeCloseTo(anchor.y, 9);
    }
  });

  test('one source pixel is `zoom` device pixels', () => {
    const a = toScreen(camera, viewport, { x: 10, y: 20 });
    const b = toScreen(camera, viewport, { x: 11, y: 22 });
    expect(b.x - a.x).toBeCloseTo(2.5, 12);
    expect(b.y - a.y).toBeCloseTo(5, 12);
  });

  test('zooming keeps the point under the cursor, whatever the zoom', () => {
    for (const anchor of anchors) {
      for (const zoom of [0.1, 1, 2.5, 7.3, 30, 60]) {
        const before = toSource(camera, viewport, anchor);
        const after = toSource(zoomAt(camera, viewport, anchor, zoom), viewport, anchor);
        expect(after.x).toBeCloseTo(before.x, 9);
        expect(after.y).toBeCloseTo(before.y, 9);
      }
    }
  });

  test('zooming there and back is no movement', () => {
    const there = zoomAt(camera, viewport, anchors[2]!, 19);
    const back = zoomAt(there, viewport, anchors[2]!, camera.zoom);
    expect(back.x).toBeCloseTo(camera.x, 9);
    expect(back.y).toBeCloseTo(camera.y, 9);
  });

  test('panning moves what is under the hand by exactly the hand', () => {
    const held = toSource(camera, viewport, { x: 100, y: 100 });
    const moved = toScreen(panBy(camera, 37, -12), viewport, held);
    expect(moved.x).toBeCloseTo(137, 9);
    expect(moved.y).toBeCloseTo(88, 9);
  });

  test('fit shows all of the photo with its margin, and enlarges a small one', () => {
    const fitted = fit({ width: 400, height: 100 }, viewport, 20);
    expect(fitted.zoom).toBeCloseTo(1160 / 400, 12);
    expect(toScreen(fitted, viewport, { x: 0, y: 50 })).toEqual({ x: 20, y: 350 });
    expect(toScreen(fitted, viewport, { x: 400, y: 50 }).x).toBeCloseTo(1180, 9);
    expect(fit({ width: 6000, height: 4000 }, viewport, 0).zoom).toBeLessThan(1);
  });

  test('the zoom stays within its bounds', () => {
    expect(clampZoom(1e9)).toBe(ZOOM_MAX);
    expect(clampZoom(0)).toBe(ZOOM_MIN);
    expect(zoomAt(camera, viewport, anchors[0]!, 1e9).zoom).toBe(ZOOM_MAX);
  });

  test('the middle of the view cannot leave the photo', () => {
    const kept = keepOnPhoto({ zoom: 1, x: -50, y: 900 }, { width: 640, height: 480 });
    expect(kept).toEqual({ zoom: 1, x: 0, y: 480 });
  });

  test('stops go up and down through 100 % and end at the bounds', () => {
    expect(nextStop(0.9, 1)).toBe(1);
    expect(nextStop(1, 1)).toBe(1.5);
    expect(nextStop(1, -1)).toBeCloseTo(2 / 3, 12);
    expect(nextStop(ZOOM_MAX, 1)).toBe(ZOOM_MAX);
    expect(nextStop(ZOOM_MIN, -1)).toBe(ZOOM_MIN);
  });

  test('a closer look is always closer, at 100 % or at the chosen scale where there is one', () => {
    expect(closerZoom(0.2, 4)).toBe(1);
    expect(closerZoom(3, 4)).toBe(4);
    expect(closerZoom(7, 4)).toBe(14);
    for (const fitted of [ZOOM_MIN, 0.01, 0.95, 1, 1.05, 3.9, 12, ZOOM_MAX / 2]) {
      for (const scale of [1, 2, 3.7, 30]) expect(closerZoom(fitted, scale)).toBeGreaterThan(fitted);
    }
  });

  test('turning the wheel up and down by the same amount is no zoom', () => {
    expect(wheelFactor(-120)).toBeGreaterThan(1);
    expect(wheelFactor(-120) * wheelFactor(120)).toBeCloseTo(1, 12);
  });
});

describe('motion', () => {
  test('easing is the same in one step or in many, and arrives exactly', () => {
    const once = easeZoom(1, 8, 30);
    const twice = easeZoom(easeZoom(1, 8, 10), 8, 20);
    expect(once).toBeCloseTo(twice, 9);
    expect(once).toBeGreaterThan(1);
    expect(once).toBeLessThan(8);
    expect(easeZoom(1, 8, 10_000)).toBe(8);
  });

  test('easing is even in the logarithm: the same share of the way at every zoom', () => {
    const low = Math.log2(easeZoom(0.25, 0.5, 20) / 0.25);
    const high = Math.log2(easeZoom(16, 32, 20) / 16);
    expect(low).toBeCloseTo(high, 9);
  });

  test('the anchor stays during the whole of an eased zoom', () => {
    const anchor = { x: 200, y: 600 };
    let motion = turnWheel(camera, viewport, null, anchor, 3);
    const held = motion.source;
    let now = camera;
    for (let step = 0; step < 200; step += 1) {
      const next = advance(now, viewport, motion, 8);
      now = next.camera;
      const at = toScreen(now, viewport, held);
      expect(at.x).toBeCloseTo(anchor.x, 6);
      expect(at.y).toBeCloseTo(anchor.y, 6);
      if (!next.motion) break;
      motion = next.motion;
    }
    expect(now.zoom).toBe(camera.zoom * 3);
  });

  test('turns of the wheel add up while the zoom is still on its way', () => {
    const first = turnWheel(camera, viewport, null, anchors[1]!, 2);
    const second = turnWheel(camera, viewport, first, anchors[1]!, 2);
    expect(second.target).toBe(camera.zoom * 4);
  });

  test('a flight ends at its camera exactly', () => {
    const end = { zoom: 0.8, x: 12, y: 500 };
    let motion = flyTo(camera, viewport, end);
    let now = camera;
    while (motion) ({ camera: now, motion } = advance(now, viewport, motion, 16));
    expect(now).toEqual(end);
    expect(flyTo(camera, viewport, { ...camera, x: 0 })).toBeNull();
  });

  test('what is moved on the way ends where a move at the end would have brought it', () => {
    const end = { zoom: 8, x: 300, y: 90 };
    for (const start of [zoomTowards(camera, viewport, anchors[1]!, 8), flyTo(camera, viewport, end)!]) {
      const finish = (from: Camera, motion: ZoomMotion): Camera => {
        let [at, rest]: [Camera, ZoomMotion | null] = [from, motion];
        while (rest) ({ camera: at, motion: rest } = advance(at, viewport, rest, 16));
        return at;
      };
      const half = advance(camera, viewport, start, 16);
      const moved = finish(panBy(half.camera, 64, -30), panMotion(half.motion!, 64, -30));
      const after = panBy(finish(camera, start), 64, -30);
      expect(moved.zoom).toBe(after.zoom);
      expect(moved.x).toBeCloseTo(after.x, 6);
      expect(moved.y).toBeCloseTo(after.y, 6);
    }
  });

  test('a pinch keeps both fingers on what they touch', () => {
    const before = [
      { x: 300, y: 300 },
      { x: 500, y: 340 },
    ] as const;
    const after = [
      { x: 260, y: 310 },
      { x: 660, y: 390 },
    ] as const;
    const pinched = pinch(camera, viewport, before, after);
    for (const finger of [0, 1] as const) {
      const touched = toSource(camera, viewport, before[finger]);
      const at = toScreen(pinched, viewport, touched);
      expect(at.x).toBeCloseTo(after[finger].x, 6);
      expect(at.y).toBeCloseTo(after[finger].y, 6);
    }
  });
});

test('a zoom that is named is reached exactly, from any zoom', () => {
  for (let zoom = 0.37; zoom < 40; zoom *= 1.31) {
    let at: Camera = { zoom, x: 100, y: 80 };
    let motion: ZoomMotion | null = zoomTowards(at, viewport, { x: 10, y: 20 }, 1);
    while (motion) ({ camera: at, motion } = advance(at, viewport, motion, 16));
    expect(at.zoom).toBe(1);
  }
});
