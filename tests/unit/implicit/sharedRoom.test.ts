import { describe, expect, it } from 'vitest';
import { FeatureCache } from '../../../src/engine/methods/implicit/featureCache';
import { SharedRoom } from '../../../src/engine/methods/implicit/sharedRoom';
import type { Cells } from '../../../src/engine/pixels/cells';
import { rect } from '../../../src/shared/geometry';

const LENGTH = 16;
const BYTES = 2 * LENGTH;

/** Cells in the room's memory, or in some of their own. */
const cellsIn = (room?: SharedRoom): Cells => ({
  rect: rect(0, 0, 4, 4),
  length: 1,
  values: room?.take(LENGTH) ?? new Int16Array(LENGTH),
  unit: 1,
});
const memoryOf = ({ values }: Cells): ArrayBufferLike => values.buffer;

describe('memory that workers read', () => {
  it('is shared, and written over by the next of its length once nobody uses it', () => {
    const room = new SharedRoom();
    const cells = cellsIn(room);
    expect(memoryOf(cells)).toBeInstanceOf(SharedArrayBuffer);
    room.use(cells.values);
    room.use(cells.values);
    room.release(cells.values);
    expect(memoryOf(cellsIn(room))).not.toBe(memoryOf(cells));
    room.release(cells.values);
    expect(room.take(LENGTH + 1).buffer).not.toBe(memoryOf(cells));
    expect(room.take(LENGTH).buffer).toBe(memoryOf(cells));
  });

  it('is not counted where it is not of this room', () => {
    const room = new SharedRoom();
    const other = cellsIn();
    room.use(other.values);
    room.release(other.values);
    room.release(other.values);
    expect(room.take(LENGTH).buffer).not.toBe(memoryOf(other));
  });

  it('lies about no more than it may', () => {
    const room = new SharedRoom(2 * BYTES);
    const cellss = [cellsIn(room), cellsIn(room), cellsIn(room)];
    for (const cells of cellss) room.use(cells.values);
    for (const cells of cellss) room.release(cells.values);
    const again = [1, 2, 3].map(() => room.take(LENGTH).buffer);
    expect(again).not.toContain(memoryOf(cellss[0]!));
    expect(again.slice(0, 2)).toEqual([memoryOf(cellss[1]!), memoryOf(cellss[2]!)]);
  });
});

describe('a lease of features', () => {
  it('keeps what the cache lets go of from being written over, until it ends', () => {
    const cache = new FeatureCache(BYTES);
    const lease = cache.lease();
    const first = cellsIn(cache.room);
    lease.use(first);
    lease.use(first);
    cache.putCells('first', first);
    cache.putCells('second', cellsIn(cache.room));
    expect(cache.getCells('first')).toBeUndefined();
    expect(cache.room.take(LENGTH).buffer).not.toBe(memoryOf(first));
    lease.end();
    lease.end();
    expect(cache.room.take(LENGTH).buffer).toBe(memoryOf(first));
  });

  it('leaves to the cache what that still holds', () => {
    const cache = new FeatureCache();
    const lease = cache.lease();
    const cells = cellsIn(cache.room);
    lease.use(cells);
    cache.putCells('one', cells);
    lease.end();
    expect(cache.room.take(LENGTH).buffer).not.toBe(memoryOf(cells));
    cache.putCells('one', cellsIn(cache.room));
    expect(cache.room.take(LENGTH).buffer).toBe(memoryOf(cells));
  });
});
