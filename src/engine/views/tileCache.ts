import { ByteCache } from '../state/byteCache';
import type { ViewTile } from './viewTile';

/** Some 128 tiles of 512 pixels a side: several screens full. */
const USUAL_BUDGET_BYTES = 128 * 2 ** 20;

/** Finished tiles by everything that made them. */
export class TileCache extends ByteCache<ViewTile> {
  constructor(budgetBytes = USUAL_BUDGET_BYTES) {
    super(budgetBytes, ({ pixels }) => pixels.byteLength);
  }
}
