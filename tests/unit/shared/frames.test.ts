import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../src/shared/link/frames';

describe('frames', () => {
  it('carry a message without pixels', () => {
    const message = { id: 3, result: { ok: true, value: { name: '사진.jpg' } } };
    expect(decodeFrame(encodeFrame(message))).toEqual(message);
  });

  it('carry pixels as they are, without a copy on the receiving side', () => {
    const pixels = Uint8Array.from({ length: 1024 }, (_, k) => k % 251);
    const message = { event: { event: 'view:tile', view: 'v', revision: 2, pixels } };
    const frame = encodeFrame(message);
    const read = decodeFrame(frame) as typeof message;
    expect(read).toEqual(message);
    expect(read.event.pixels.buffer).toBe(frame.buffer);
  });

  it('are read where they lie in a larger buffer', () => {
    const frame = encodeFrame({ event: { event: 'view:tile', pixels: Uint8Array.of(1, 2, 3) } });
    const larger = new Uint8Array(frame.length + 20);
    larger.set(frame, 7);
    expect(decodeFrame(larger.subarray(7, 7 + frame.length))).toEqual(decodeFrame(frame));
  });

  it('of an empty tile keep it empty', () => {
    const message = { event: { event: 'view:tile', pixels: new Uint8Array(0) } };
    expect(decodeFrame(encodeFrame(message))).toEqual(message);
  });

  it('that are none are refused', () => {
    expect(() => decodeFrame(Uint8Array.of(1, 2))).toThrow('at least 4 bytes, received 2');
    expect(() => decodeFrame(Uint8Array.of(200, 0, 0, 0, 1))).toThrow(/header of 200 bytes.*5 bytes/);
    expect(() => decodeFrame(Uint8Array.of(1, 0, 0, 0, 120))).toThrow(SyntaxError);
  });
});
