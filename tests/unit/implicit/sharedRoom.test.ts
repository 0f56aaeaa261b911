import { describe, expect, it } from 'vitest';
import { FeatureCache } from '../../../src/engine/methods/implicit/featureCache';
import { SharedRoom } from '../../../src/engine/methods/implicit/sharedRoom';
import { raster } from '../../../src/engine/kernels/raster';
import type { Window } from '../../../src/engine/kernels/window';
import { rect } from '../../../src/shared/geometry';

const LENGTH = 16;
const BYTES = 4 * LENGTH;

/** Features in the room's memory, or in some of their own. */
const windowIn = (room?: SharedRoom): Window => ({
  rect: rect(0, 0, 4, 4),
  pixels: raster(4, 4, 1, room?.take(LENGTH)),
});
const memoryOf = ({ pixels }: Window): ArrayBufferLike => pixels.data.buffer;

describe('memory that workers read', () => {
  it('is shared, and written over by the next of its length once nobody uses it', () => {
    const room = new SharedRoom();
    const window = windowIn(room);
    expect(memoryOf(window)).toBeInstanceOf(SharedArrayBuffer);
    room.use(window);
    room.use(window);
    room.release(window);
    expect(memoryOf(windowIn(room))).not.toBe(memoryOf(window));
    room.release(window);
    expect(room.take(LENGTH + 1).buffer).not.toBe(memoryOf(window));
    expect(room.take(LENGTH).buffer).toBe(memoryOf(window));
  });

  it('is not counted where it is not of this room', () => {
    const room = new SharedRoom();
    const other = windowIn();
    room.use(other);
    room.release(other);
    room.release(other);
    expect(room.take(LENGTH).buffer).not.toBe(memoryOf(other));
  });

  it('lies about no more than it may', () => {
    const room = new SharedRoom(2 * BYTES);
    const windows = [windowIn(room), windowIn(room), windowIn(room)];
    for (const window of windows) room.use(window);
    for (const window of windows) room.release(window);
    const again = [1, 2, 3].map(() => room.take(LENGTH).buffer);
    expect(again).not.toContain(memoryOf(windows[0]!));
    expect(again.slice(0, 2)).toEqual([memoryOf(windows[1]!), memoryOf(windows[2]!)]);
  });
});

describe('a lease of features', () => {
  it('keeps what the cache lets go of from being written over, until it ends', () => {
    const cache = new FeatureCache(BYTES);
    const lease = cache.lease();
    const first = windowIn(cache.room);
    lease.use(first);
    lease.use(first);
    cache.put('first', first);
    cache.put('second', windowIn(cache.room));
    expect(cache.get('first')).toBeUndefined();
    expect(cache.room.take(LENGTH).buffer).not.toBe(memoryOf(first));
    lease.end();
    lease.end();
    expect(cache.room.take(LENGTH).buffer).toBe(memoryOf(first));
  });

  it('leaves to the cache what that still holds', () => {
    const cache = new FeatureCache();
    const lease = cache.lease();
    const window = windowIn(cache.room);
    lease.use(window);
    cache.put('one', window);
    lease.end();
    expect(cache.room.take(LENGTH).buffer).not.toBe(memoryOf(window));
    cache.put('one', windowIn(cache.room));
    expect(cache.room.take(LENGTH).buffer).toBe(memoryOf(window));
  });
});
