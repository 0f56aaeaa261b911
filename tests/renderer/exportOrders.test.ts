import { expect, test } from 'vitest';
import { watch } from 'vue';
import type { JobLine } from '../../src/shared/contract';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import type { FileOrder } from '../../src/renderer/editor/fileJobs';
import { exportMemory } from '../../src/renderer/stores/exportMemory';
import { exportOrders } from '../../src/renderer/stores/exportOrders';

const fileOf = (photo: string): FileOrder => ({
  order: {
    enlargement: { photo, method: { id: 'bicubic' }, scale: 2, options: PLAIN_OPTIONS },
    device: 'cpu',
    encoding: { format: 'png' },
  },
  name: `${photo}.png`,
  megapixels: 1.5,
});

/** A page's orders and memory; the door answers with `job-1`, `job-2` and so on. */
function page() {
  const memory = exportMemory();
  let jobs = 0;
  const lineOf = (): JobLine => ({ job: `job-${++jobs}` }) as JobLine;
  const answers: Record<string, (params: { files?: readonly unknown[] }) => unknown> = {
    'door:export': lineOf,
    'door:exportAll': ({ files }) => files!.map(lineOf),
  };
  const orders = exportOrders({
    engine: {
      state: 'open',
      ask: ((name: string, params: object) => Promise.resolve(answers[name]!(params))) as never,
      call: () => Promise.resolve([]),
    },
    memory,
    notices: { add: () => '' as never },
    begin: () => undefined,
    begun: (line, file) => memory.begun(line.job, file!),
    leftOut: memory.leaveOut,
  });
  return { memory, orders };
}

test('a file that is ordered is known at every moment: as ordered, and then as begun', async () => {
  const { memory, orders } = page();
  const photos = ['photo-a', 'photo-b', 'photo-c'];
  const seen: { ordered: number; made: number }[] = [];
  // What the session writes down whenever this changes: the host may be killed behind any of them.
  watch(
    memory.ordered,
    () => {
      const kept = memory.keptFor(photos);
      seen.push({ ordered: kept.ordered.length, made: Object.keys(kept.made).length });
    },
    { flush: 'sync' },
  );
  await orders.exportFile(fileOf('photo-a').order, 'a.png');
  expect(seen).toEqual([
    { ordered: 1, made: 0 },
    { ordered: 0, made: 1 },
  ]);
  await orders.exportFiles([fileOf('photo-b'), fileOf('photo-c')]);
  expect(seen.slice(2)).toEqual([
    { ordered: 2, made: 1 },
    { ordered: 0, made: 3 },
  ]);
});
