import type { JobLine } from '../contract';
import { faultOf, type Fault } from '../faults';

/**
 * Starts jobs one after another, in order. One that cannot be started is told and answered as null; the others
 * are started all the same. Never rejects.
 */
export async function startEach<T>(
  orders: readonly T[],
  start: (order: T, index: number) => Promise<JobLine>,
  failed: (fault: Fault) => void,
): Promise<(JobLine | null)[]> {
  const lines: (JobLine | null)[] = [];
  for (const [index, order] of orders.entries()) {
    try {
      lines.push(await start(order, index));
    } catch (thrown) {
      failed(faultOf(thrown));
      lines.push(null);
    }
  }
  return lines;
}
