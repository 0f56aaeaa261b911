import type { JobLine, NotBegun } from '../contract';
import { faultOf } from '../faults';

/**
 * Starts jobs one after another, in order. One that cannot be started is answered as its fault; the others are started
 * all the same. Never rejects.
 */
export async function startEach<T>(
  orders: readonly T[],
  start: (order: T, index: number) => Promise<JobLine>,
): Promise<(JobLine | NotBegun)[]> {
  const lines: (JobLine | NotBegun)[] = [];
  for (const [index, order] of orders.entries()) {
    lines.push(await start(order, index).catch((thrown: unknown) => ({ fault: faultOf(thrown) })));
  }
  return lines;
}
