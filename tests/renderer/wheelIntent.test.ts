import { describe, expect, test } from 'vitest';
import { wheelIntent, type WheelTurn } from '../../src/renderer/scene/wheelIntent';

const turn = (part: Partial<WheelTurn>): WheelTurn => ({
  deltaX: 0,
  deltaY: 0,
  deltaMode: 0,
  ctrlKey: false,
  metaKey: false,
  ...part,
});

describe('a wheel', () => {
  test('with notches zooms, however its browser counts them', () => {
    const chromiumOnWindows = turn({ deltaY: -100, wheelDeltaY: 120 });
    const chromiumOnLinux = turn({ deltaY: 159, wheelDeltaY: -360 });
    const firefox = turn({ deltaY: 3, deltaMode: 1 });
    expect(wheelIntent(chromiumOnWindows)).toEqual({ kind: 'zoom', pixels: -100, eased: true });
    expect(wheelIntent(chromiumOnLinux)).toEqual({ kind: 'zoom', pixels: 159, eased: true });
    expect(wheelIntent(firefox)).toEqual({ kind: 'zoom', pixels: 120, eased: true });
  });

  test('a mouse wheel zooms with Ctrl as well, and as far', () => {
    const notch = turn({ deltaY: -100, wheelDeltaY: 120 });
    expect(wheelIntent({ ...notch, ctrlKey: true })).toEqual(wheelIntent(notch));
  });

  test('turned sideways moves the photo', () => {
    expect(wheelIntent(turn({ deltaX: 100, wheelDeltaY: 0 }))).toEqual({ kind: 'pan', dx: -100, dy: -0 });
  });
});

describe('two fingers on a trackpad', () => {
  test('move the photo with the hand, at every speed', () => {
    for (let deltaY = -200; deltaY <= 200; deltaY += 1) {
      if (deltaY === 0) continue;
      const intent = wheelIntent(turn({ deltaY, wheelDeltaY: -3 * deltaY }));
      expect(intent).toEqual({ kind: 'pan', dx: -0, dy: -deltaY });
    }
    // Firefox tells pixels alone.
    expect(wheelIntent(turn({ deltaX: 4, deltaY: 7 }))).toEqual({ kind: 'pan', dx: -4, dy: -7 });
  });

  test('a pinch zooms without easing, and so do they with Command', () => {
    expect(wheelIntent(turn({ deltaY: -2.5, ctrlKey: true, wheelDeltaY: 7 }))).toEqual({
      kind: 'zoom',
      pixels: -10,
      eased: false,
    });
    expect(wheelIntent(turn({ deltaY: 5, metaKey: true, wheelDeltaY: -15 })).kind).toBe('zoom');
  });
});
