import { totalmem } from 'node:os';
import type { Window } from '../../kernels/window';
import { ByteCache } from '../../state/byteCache';

/**
 * A window of 1,200 x 800 at x2 has 240,000 source pixels and with its tiles' borders more: 300 MiB with 192
 * features each. A sixteenth of the memory that there is, 256 to 512 MiB, which idleness gives back.
 */
const USUAL_BUDGET_BYTES = Math.min(512 * 2 ** 20, Math.max(256 * 2 ** 20, totalmem() / 16));

/** Features of source tiles by everything that made them. */
export class FeatureCache extends ByteCache<Window> {
  constructor(budgetBytes = USUAL_BUDGET_BYTES) {
    super(budgetBytes, ({ pixels }) => pixels.data.byteLength);
  }
}
