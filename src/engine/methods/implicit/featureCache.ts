import { totalmem } from 'node:os';
import type { Window } from '../../kernels/window';
import { ByteCache } from '../../state/byteCache';
import { Lease, SharedRoom } from './sharedRoom';

/**
 * A window of 1,200 x 800 at x2 has 240,000 source pixels and with its tiles' borders more: 300 MiB with 192
 * features each. A sixteenth of the memory that there is, 256 to 512 MiB, which idleness gives back.
 */
const USUAL_BUDGET_BYTES = Math.min(512 * 2 ** 20, Math.max(256 * 2 ** 20, totalmem() / 16));

/** Features of source tiles by everything that made them. */
export class FeatureCache extends ByteCache<Window> {
  /** Where those lie that workers read. */
  readonly room: SharedRoom;

  constructor(budgetBytes = USUAL_BUDGET_BYTES, room = new SharedRoom()) {
    super(
      budgetBytes,
      ({ pixels }) => pixels.data.byteLength,
      (window) => room.release(window),
    );
    this.room = room;
  }

  override put(key: string, value: Window): void {
    this.room.use(value);
    super.put(key, value);
  }

  override putSpare(key: string, value: Window): void {
    this.room.use(value);
    super.putSpare(key, value);
  }

  override clear(): void {
    super.clear();
    this.room.clear();
  }

  /** Keeps what it uses from being written over, whatever the cache lets go of meanwhile. */
  lease(): Lease {
    return new Lease(this.room);
  }
}
