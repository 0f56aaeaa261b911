import { describe, expect, test } from 'vitest';
import { layerProgress, viewProgress, type LayerReach } from '../../src/renderer/scene/viewProgress';

const tile = (share = 0, spent = 0, pixels = 100) => ({ share, spent, pixels });
const reach = (part: Partial<LayerReach> = {}): LayerReach => ({
  pixels: 400,
  donePixels: 100,
  inWork: [],
  pace: null,
  ...part,
});

describe('how far a layer is', () => {
  test('before anything is known, as far as its tiles have come', () => {
    expect(layerProgress(reach(), 5000)).toEqual({ share: 0.25, secondsLeft: null });
    expect(layerProgress(reach({ pixels: 0, donePixels: 0 }), 0)).toEqual({ share: 0, secondsLeft: null });
  });

  test('inside a tile, as far as its maker said, or as the time says, whichever is more', () => {
    expect(layerProgress(reach({ inWork: [tile(0.5)] }), 0).share).toBe(0.375);
    // 100 pixels take 1000 ms; 600 of them have passed.
    const timed = reach({ inWork: [tile(0.5, 400)], pace: 10 });
    expect(layerProgress(timed, 200)).toEqual({ share: 0.4, secondsLeft: 2.4 });
    expect(layerProgress(timed, 0).share).toBe(0.375);
  });

  test('a tile that takes longer than its like is not done before it has come, and something is left', () => {
    const late = layerProgress(reach({ donePixels: 300, inWork: [tile()], pace: 10 }), 60_000);
    expect(late.share).toBeCloseTo(0.9875, 12);
    expect(late.secondsLeft).toBeCloseTo(0.05, 12);
  });

  test('it never falls while time passes and tiles come', () => {
    let before = 0;
    for (let since = 0; since <= 1000; since += 50) {
      const { share } = layerProgress(reach({ inWork: [tile(0.3)], pace: 10 }), since);
      expect(share).toBeGreaterThanOrEqual(before);
      before = share;
    }
    expect(layerProgress(reach({ donePixels: 200, pace: 10 }), 0).share).toBeGreaterThanOrEqual(before);
  });
});

describe('how far the view is', () => {
  test('layers come one after another, and share the time of what is made at once', () => {
    const first = reach({ inWork: [tile()], pace: 10 });
    const second = reach({ donePixels: 300, inWork: [tile()], pace: 20 });
    const { share, secondsLeft } = viewProgress([first, second], 1000);
    // Half a second for each: half of a tile of the first, a quarter of one of the second.
    expect(share).toBeCloseTo((150 + 325) / 800, 12);
    expect(secondsLeft).toBeCloseTo((250 * 10 + 75 * 20) / 1000, 12);
  });

  test('of a layer whose pace nobody knows no time is told, unless it is there', () => {
    expect(viewProgress([reach({ pace: 10 }), reach()], 0).secondsLeft).toBeNull();
    expect(viewProgress([reach({ pace: 10 }), reach({ donePixels: 400 })], 0).secondsLeft).toBe(3);
    expect(viewProgress([], 0)).toEqual({ share: 0, secondsLeft: 0 });
  });
});
