import { flushPromises } from '@vue/test-utils';
import { describe, expect, test } from 'vitest';
import { gatheredNotices } from '../../src/renderer/editor/gatheredNotices';
import { useNotices, type Notice } from '../../src/renderer/stores/notices';
import type { Fault } from '../../src/shared/faults';
import { openSample } from './openApp';

const fault = (file: string): Fault => ({
  code: 'unreadable-image',
  message: `Expected a picture in ${file}, found a text.`,
  file,
});
const notice = (id: number, part: Partial<Notice> = {}): Notice => ({ id, place: 'open', ...part });

describe('what the lane shows', () => {
  test('up to two of a kind stand by themselves; more stand in one line, where the first stood', () => {
    const two = [notice(1, { fault: fault('a') }), notice(2, { fault: fault('b') })];
    expect(gatheredNotices(two)).toEqual([{ notice: two[0] }, { notice: two[1] }]);
    const word = notice(3, { message: 'a word' });
    const all = [...two, word, notice(4, { fault: fault('c') })];
    expect(gatheredNotices(all)).toEqual([
      {
        group: {
          key: 'open failures',
          place: 'open',
          isFailure: true,
          notices: [all[0], all[1], all[3]],
        },
      },
      { notice: word },
    ]);
  });

  test('what has a step of its own, or leaves by itself, is never put with others', () => {
    const next = { label: 'notice.again', run: () => undefined };
    const all = [1, 2, 3, 4].map((id) => notice(id, { fault: fault(`${id}`), next }));
    const passing = [5, 6, 7].map((id) => notice(id, { message: `${id}`, passes: true }));
    expect(gatheredNotices([...all, ...passing])).toHaveLength(7);
  });
});

test('of twenty files that cannot be opened each is named, in one line that goes at one press', async () => {
  const { app, pinia } = await openSample();
  const notices = useNotices(pinia);
  for (let k = 0; k < 20; k += 1) notices.add({ place: 'open', fault: fault(`${k}.png`) });
  await flushPromises();
  const lane = app.get('.lane');
  expect(lane.get('summary').text()).toBe('20 files could not be opened');
  expect(lane.findAll('li').map((one) => one.text())).toEqual(
    Array.from({ length: 20 }, (_, k) => `Expected a picture in ${k}.png, found a text.`),
  );
  const slip = lane.findAll('.slip').find((one) => one.find('summary').text().startsWith('20'))!;
  await slip.get('button[aria-label=Dismiss]').trigger('click');
  expect(notices.notices.filter(({ place }) => place === 'open')).toEqual([]);
});
