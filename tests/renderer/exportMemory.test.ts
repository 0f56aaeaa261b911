import { describe, expect, test } from 'vitest';
import type { FileOrder } from '../../src/renderer/editor/fileJobs';
import { exportMemory } from '../../src/renderer/stores/exportMemory';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import type { Fault } from '../../src/shared/faults';

const tokenOf = (letter: string): string => `photo-${letter}`;
const fileOf = (letter: string): FileOrder => ({
  order: {
    enlargement: { photo: tokenOf(letter), method: { id: 'bicubic' }, scale: 2, options: PLAIN_OPTIONS },
    device: 'cpu',
    encoding: { format: 'png' },
  },
  name: `${letter}.png`,
  megapixels: 1.5,
});
const GONE: Fault = { code: 'not-found', message: 'Expected b.png to stay, found that it was removed.' };

describe('what a page remembers of its exports', () => {
  test('comes back by the session: whose each job is, how photos ended, and what never began', () => {
    const before = exportMemory();
    for (const letter of ['a', 'b', 'c']) before.begun(`job-${letter}`, fileOf(letter));
    before.ended('job-a', 'done');
    before.leaveOut(fileOf('d'), GONE);
    const kept: unknown = JSON.parse(JSON.stringify(before.keptFor(['a', 'b', 'd'].map(tokenOf))));

    const after = exportMemory();
    after.remember(kept);
    expect([...after.ends.value]).toEqual([
      ['photo-a', 'done'],
      ['photo-d', 'failed'],
    ]);
    expect(after.made.value['job-b']).toEqual({ photo: 'photo-b', megapixels: 1.5 });
    expect(after.made.value['job-c']).toBeUndefined(); // its photo was closed
    const [left] = after.leftOuts.value.values();
    expect(left).toMatchObject({ name: 'd.png', fault: GONE, file: fileOf('d'), canRetry: true });
  });

  test('and an end that was heard before the session was read finds its photo then', () => {
    const before = exportMemory();
    before.begun('job-a', fileOf('a'));
    const after = exportMemory();
    after.ended('job-a', 'failed');
    expect(after.ends.value.size).toBe(0);
    after.remember(before.keptFor(['photo-a']));
    expect(after.ends.value.get('photo-a')).toBe('failed');
  });

  test('what was ordered and is not in the ledger never began, whatever was asked before it was remembered', () => {
    const before = exportMemory();
    before.order(['a', 'b', 'c', 'd'].map((letter) => ({ orderId: letter, file: fileOf(letter) })));
    expect(before.heard({ job: 'job-a', orderId: 'a' })).toEqual(fileOf('a'));
    const kept: unknown = JSON.parse(JSON.stringify(before.keptFor(['photo-a', 'photo-b'])));

    const after = exportMemory();
    after.heard({ job: 'job-b', orderId: 'b' });
    after.ended('job-b', 'done');
    after.remember(kept);
    after.order([{ orderId: 'e', file: fileOf('e') }]);
    expect(after.notBegun.value).toEqual([]);
    after.lose((orderId) => orderId === 'e');
    expect(after.notBegun.value.map(({ orderId }) => orderId)).toEqual(['c', 'd']);
    expect(after.ends.value.get('photo-b')).toBe('done');
    after.heard({ job: 'job-c', orderId: 'c' }); // it had begun after all
    after.settle(['d']);
    expect(after.notBegun.value).toEqual([]);
    expect(after.ordered.value.map(({ orderId }) => orderId)).toEqual(['e']);
  });

  test('a photo that is exported once more has not ended', () => {
    const memory = exportMemory();
    memory.begun('job-a', fileOf('a'));
    memory.ended('job-a', 'failed');
    memory.begun('job-b', fileOf('a'));
    expect(memory.ends.value.has('photo-a')).toBe(false);
  });

  test.each([['nothing'], [null], [{ made: {} }], [{ made: { a: 1 }, ends: {}, leftOut: [] }]])(
    'of what is no memory, nothing: %j',
    (written) => {
      const memory = exportMemory();
      memory.remember(written);
      expect(memory.keptFor(['photo-a'])).toEqual({ made: {}, ends: {}, leftOut: [], ordered: [] });
    },
  );
});
