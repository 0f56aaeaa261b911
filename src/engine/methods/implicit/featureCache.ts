import { totalmem } from 'node:os';
import type { Window } from '../../kernels/window';
import type { Cells } from '../../pixels/cells';
import { ByteCache } from '../../state/byteCache';
import { Lease, SharedRoom } from './sharedRoom';

/**
 * A window of 1,200 x 800 at x2 has 240,000 source pixels and with its tiles' borders more: 300 MiB with 192
 * features each, half of it as cells. A sixteenth of the memory that there is, 256 to 512 MiB, which idleness gives back.
 */
const USUAL_BUDGET_BYTES = Math.min(512 * 2 ** 20, Math.max(256 * 2 ** 20, totalmem() / 16));

type Kept = Window | Cells;

/** Features of source tiles by everything that made them, as the graphs make them and as cells: one budget for both. */
export class FeatureCache {
  /** Where cells lie, which workers read. */
  readonly room: SharedRoom;
  private readonly held: ByteCache<Kept>;

  constructor(budgetBytes = USUAL_BUDGET_BYTES, room = new SharedRoom()) {
    this.room = room;
    this.held = new ByteCache<Kept>(
      budgetBytes,
      (kept) => ('values' in kept ? kept.values : kept.pixels.data).byteLength,
      (kept) => 'values' in kept && room.release(kept.values),
    );
  }

  get bytes(): number {
    return this.held.bytes;
  }

  get(key: string): Window | undefined {
    const kept = this.held.get(`maps ${key}`);
    return kept && 'pixels' in kept ? kept : undefined;
  }

  put(key: string, value: Window): void {
    this.held.put(`maps ${key}`, value);
  }

  /** Held only while nothing else wants its room. */
  putSpare(key: string, value: Window): void {
    this.held.putSpare(`maps ${key}`, value);
  }

  getCells(key: string): Cells | undefined {
    const kept = this.held.get(`cells ${key}`);
    return kept && 'values' in kept ? kept : undefined;
  }

  putCells(key: string, value: Cells): void {
    this.room.use(value.values);
    this.held.put(`cells ${key}`, value);
  }

  clear(): void {
    this.held.clear();
    this.room.clear();
  }

  /** Keeps what it uses from being written over, whatever the cache lets go of meanwhile. */
  lease(): Lease {
    return new Lease(this.room);
  }
}
