import { flushPromises } from '@vue/test-utils';
import { describe, expect, test } from 'vitest';
import type { PageDoorParams, UpscaleOrder } from '../../src/shared/contract';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { FakeDoor, jobLine, Refusal } from './fakeDoor';
import { openPage } from './pageOnFakeDoor';

const stage = { stage: 'enlarge', secondsLeft: null } as const;

describe('what the page tells of exports', () => {
  test('an export asks its door for exactly what the dialog says', async () => {
    const orders: PageDoorParams<'door:export'>[] = [];
    const done = { width: 1280, height: 960, seconds: 2, device: 'cpu', notes: [] };
    const { door, button, press, wrapper } = await openPage(
      new FakeDoor({
        'door:export': (params: PageDoorParams<'door:export'>) => {
          orders.push(params);
          return jobLine({ title: params.suggestedName });
        },
      }),
    );
    await button('Try the sample').trigger('click');
    await flushPromises();
    await button('×2').trigger('click');
    await press('e');
    const dialog = document.querySelector('[role=dialog]')!;
    expect(dialog.textContent).toContain('1280 × 960');
    dialog.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    await flushPromises();
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({
      suggestedName: 'chart-enlarger-fast-x2.png',
      order: {
        enlargement: { photo: 'photo-1', method: { id: 'enlarger-fast' }, scale: 2 },
        encoding: { format: 'png', depth: 8 },
      },
    });
    // The photo tells no density: the file tells the one at which the dialog said it prints.
    expect(orders[0]!.order.encoding.density).toBe(300);
    const line = jobLine({ title: 'chart-enlarger-fast-x2.png', state: 'done', result: done });
    door.say({ event: { event: 'job:ended', line } });
    await flushPromises();
    expect(door.paramsOf('door:collect')).toEqual([{ job: 'job1' }]);
    expect(wrapper.get('footer').text()).toContain('Saved chart-enlarger-fast-x2.png');
  });

  test('a failed export stays beside the job, and its button tries again', async () => {
    let attempts = 0;
    const fault = {
      code: 'disk-full',
      message: 'Expected room for chart.png, but the disk is full.',
    } as const;
    const { button, press, wrapper } = await openPage(
      new FakeDoor({
        'door:export': () => {
          attempts += 1;
          throw new Refusal(fault);
        },
      }),
    );
    await button('Try the sample').trigger('click');
    await flushPromises();
    await press('e');
    document.querySelector('[role=dialog] form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    await flushPromises();
    expect(wrapper.text()).toContain(fault.message);
    await button('Try again').trigger('click');
    await flushPromises();
    expect(attempts).toBe(2);
  });

  test('a page that was reloaded shows its export again, and saves one that ended meanwhile', async () => {
    const done = { width: 1280, height: 960, seconds: 2, device: 'cpu', notes: [] };
    const { door, wrapper } = await openPage(
      new FakeDoor({
        'jobs:list': () => [
          jobLine({ job: 'going', title: 'going.png', progress: { ...stage, done: 3, total: 9 } }),
          jobLine({ job: 'ended', title: 'ended.png', state: 'done', result: done }),
          jobLine({ job: 'theirs', title: 'theirs.png', mine: false }),
        ],
      }),
    );
    await flushPromises();
    expect(wrapper.get('footer').text()).toContain('going.png');
    expect(wrapper.get('footer').text()).toContain('3 / 9');
    expect(wrapper.get('footer').text()).not.toContain('theirs.png');
    expect(door.paramsOf('door:collect')).toEqual([{ job: 'ended' }]);
  });

  test('a failed export is in the queue after a reload, with its sentence, and begins anew', async () => {
    const fault = { code: 'output-unwritable', message: 'Expected room for the file, found none.' } as const;
    const lines = [jobLine({ job: 'bad', title: 'bad.png', state: 'failed', fault })];
    const { button, door, wrapper } = await openPage(
      new FakeDoor({
        'jobs:list': () => lines,
        'door:resume': () => jobLine({ job: 'bad', title: 'bad.png', state: 'running' }),
      }),
    );
    await flushPromises();
    // It is known: the queue has it, and no alert comes with every reload.
    expect(wrapper.text()).not.toContain(fault.message);
    await button('1 failed').trigger('click');
    await flushPromises();
    expect(document.querySelector('.queue')!.textContent).toContain('Expected room for the file');
    document.querySelector<HTMLElement>('[aria-label="Try bad.png again"]')!.click();
    await flushPromises();
    expect(door.paramsOf('door:resume')).toEqual([{ job: 'bad', anew: true }]);
    expect(wrapper.get('footer').text()).not.toContain('1 failed');
    expect(wrapper.get('footer').text()).toContain('bad.png');
  });

  test('of a batch what cannot be started stands among what failed, and is ordered anew', async () => {
    const fault = {
      code: 'not-found',
      message: 'Expected b.png to stay, found that it was removed.',
    } as const;
    const { button, door, jobs, wrapper } = await openPage(
      new FakeDoor({
        'door:exportAll': () => [jobLine({ job: 'good', title: 'a.png', state: 'done' }), { fault }],
        // It never came into the ledger.
        'door:resume': () => {
          throw new Refusal({ code: 'not-found', message: 'Expected the id of a job.' });
        },
        'door:export': () => jobLine({ job: 'second', title: 'b.png', state: 'running' }),
      }),
    );
    const enlargement = { photo: 'photo-a', method: { id: 'bicubic' }, scale: 2, options: PLAIN_OPTIONS };
    const files = ['a.png', 'b.png'].map((name) => ({
      order: { enlargement, encoding: { format: 'png' } } as UpscaleOrder,
      name,
      megapixels: 1,
    }));
    await jobs.exportFiles(files);
    // A look into the ledger, where it is not, leaves it where it stands.
    door.say({ event: { event: 'jobs:changed' } });
    await flushPromises();
    expect(wrapper.text()).not.toContain(fault.message);
    await button('1 failed').trigger('click');
    await flushPromises();
    expect(document.querySelector('.queue')!.textContent).toContain('b.png');
    document.querySelector<HTMLElement>('[aria-label="Try b.png again"]')!.click();
    await flushPromises();
    expect(door.paramsOf('door:export')).toMatchObject([{ order: files[1]!.order, suggestedName: 'b.png' }]);
    expect(wrapper.get('footer').text()).not.toContain('1 failed');
  });

  test('what of a batch was not ordered yet when the door ended is offered, and begins by one press', async () => {
    const enlargement = { photo: 'photo-1', method: { id: 'bicubic' }, scale: 2, options: PLAIN_OPTIONS };
    const files = ['a.png', 'b.png', 'c.png'].map((name) => ({
      order: { enlargement, encoding: { format: 'png' } } as UpscaleOrder,
      name,
      megapixels: 1,
    }));
    const before = new FakeDoor();
    const { jobs, button } = await openPage(before);
    await button('Try the sample').trigger('click');
    await flushPromises();
    void jobs.exportFiles(files);
    await flushPromises();
    // Told before the door has answered, and before anything rests.
    const { snapshot } = before.paramsOf<{ snapshot: unknown }>('session:write').at(-1)!;
    const [asked] = before.paramsOf<PageDoorParams<'door:exportAll'>>('door:exportAll');
    before.state('lost');

    const after = new FakeDoor({
      'session:read': () => ({ snapshot: JSON.parse(JSON.stringify(snapshot)) as unknown }),
      'jobs:list': () => [
        jobLine({
          job: 'a',
          title: 'a.png',
          state: 'broken',
          mine: false,
          orderId: asked!.files[0]!.orderId,
        }),
      ],
    });
    const next = await openPage(after);
    await flushPromises();
    expect(next.wrapper.get('.lane').text()).toContain('2 exports were ordered and had not begun');
    expect(next.wrapper.get('footer').text()).toContain('2 not begun, 1 broken off');
    await next.button('Begin').trigger('click');
    await flushPromises();
    const [again] = after.paramsOf<PageDoorParams<'door:exportAll'>>('door:exportAll');
    expect(again!.files.map(({ suggestedName }) => suggestedName)).toEqual(['b.png', 'c.png']);
    expect(next.wrapper.get('footer').text()).not.toContain('not begun');
  });

  test('what has begun is no open order any more as soon as that is known, whatever becomes of the page', async () => {
    const door = new FakeDoor();
    const { jobs, button } = await openPage(door);
    await button('Try the sample').trigger('click');
    await flushPromises();
    const enlargement = { photo: 'photo-1', method: { id: 'bicubic' }, scale: 2, options: PLAIN_OPTIONS };
    const order = { enlargement, encoding: { format: 'png' } } as UpscaleOrder;
    const exported = jobs.exportFile(order, 'a.png', 1);
    await flushPromises();
    await exported;
    const kept = door
      .paramsOf<{ snapshot: { exports: { ordered: unknown[] } } }>('session:write')
      .map(({ snapshot }) => snapshot.exports.ordered.length);
    expect(kept).toEqual([1, 0]);
  });

  test('a connection that breaks while files are ordered: those that begin meanwhile are no news', async () => {
    const ids = (): string[] =>
      door
        .paramsOf<PageDoorParams<'door:exportAll'>>('door:exportAll')
        .flatMap(({ files }) => files.map((one) => one.orderId!));
    const door: FakeDoor = new FakeDoor({
      'jobs:list': () =>
        ids().map((orderId, index) => jobLine({ job: `job${index}`, title: `${index}.png`, orderId })),
    });
    const { jobs, wrapper } = await openPage(door);
    const enlargement = { photo: 'photo-1', method: { id: 'bicubic' }, scale: 2, options: PLAIN_OPTIONS };
    const order = { enlargement, encoding: { format: 'png' } } as UpscaleOrder;
    const readsOfComingBack = async (): Promise<number> => {
      const before = door.paramsOf('jobs:list').length;
      door.state('open');
      await flushPromises();
      return door.paramsOf('jobs:list').length - before;
    };
    door.state('lost');
    const readsWithoutOrders = await readsOfComingBack();
    const ordered = jobs.exportFiles(['0.png', '1.png'].map((name) => ({ order, name, megapixels: 1 })));
    await flushPromises();
    door.state('lost');
    await ordered;
    // What was ordered is found out by the reading that there is anyway.
    expect(await readsOfComingBack()).toBe(readsWithoutOrders);
    expect(wrapper.get('.lane').text()).toBe('');
    expect(wrapper.get('footer').text()).toContain('0.png');
    expect(jobs.notBegun).toEqual([]);
  });

  test('what fails twice for one reason stands once; all that failed begin anew, or leave, by one press', async () => {
    const fault = { code: 'unreadable-image', message: 'Expected a whole picture.' } as const;
    const bad = (job: string, title: string) => jobLine({ job, title, state: 'failed', fault, batch: 'b' });
    const { button, door, wrapper } = await openPage(
      new FakeDoor({
        'jobs:list': () => [bad('a1', 'a.png'), bad('b1', 'b.png'), bad('a2', 'a.png')],
        'door:resume': ({ job }: { job: string }) => jobLine({ job, title: `${job}.png` }),
      }),
    );
    await flushPromises();
    expect(door.paramsOf('job:drop')).toEqual([{ job: 'a1' }]);
    await button('2 failed').trigger('click');
    await flushPromises();
    const press = async (says: string): Promise<void> => {
      const found = [...document.querySelectorAll<HTMLElement>('.queue button')];
      found.find((one) => one.textContent.trim() === says)!.click();
      await flushPromises();
    };
    await press('Try 2 failed again');
    expect(door.paramsOf('door:resume')).toMatchObject([{ job: 'b1' }, { job: 'a2' }]);
    for (const job of ['b1', 'a2']) door.say({ event: { event: 'job:ended', line: bad(job, `${job}.png`) } });
    await flushPromises();
    await press('Take 2 failed off the list');
    expect(wrapper.get('footer').text()).not.toContain('failed');
  });

  test('files that were ordered are told of before the engine has begun any', async () => {
    const door = new FakeDoor();
    const { jobs, wrapper } = await openPage(door);
    const enlargement = { photo: 'photo-a', method: { id: 'bicubic' }, scale: 2, options: PLAIN_OPTIONS };
    const order = { enlargement, encoding: { format: 'png' } } as UpscaleOrder;
    const ordered = jobs.exportFiles(['a.png', 'b.png'].map((name) => ({ order, name, megapixels: 1 })));
    await flushPromises();
    expect(wrapper.get('footer').text()).toContain('Starting 2 exports');
    const { id } = door.asked.find(({ call }) => call === 'door:exportAll')!;
    const value = ['job1', 'job2'].map((job) => jobLine({ job, title: `${job}.png` }));
    door.say({ id, result: { ok: true, value } });
    await ordered;
    await flushPromises();
    expect(wrapper.get('footer').text()).not.toContain('Starting');
    expect(wrapper.get('footer').text()).toContain('job1.png');
  });

  test('an export whose end was heard does not come back by an older list', async () => {
    const lines = [jobLine({ title: 'short.png' })];
    const { door, wrapper } = await openPage(new FakeDoor({ 'jobs:list': () => lines }));
    await flushPromises();
    expect(wrapper.get('footer').text()).toContain('short.png');
    door.say({ event: { event: 'job:ended', line: jobLine({ title: 'short.png', state: 'stopped' }) } });
    door.say({ event: { event: 'jobs:changed' } });
    await flushPromises();
    expect(wrapper.get('footer').text()).not.toContain('short.png');
  });

  test('of a batch the lane says how many files are saved, of one by itself its name', async () => {
    const done = { width: 1280, height: 960, seconds: 2, device: 'cpu', notes: [] };
    const { door, jobs, wrapper } = await openPage();
    const end = async (job: string, batch?: string): Promise<void> => {
      const line = jobLine({
        job,
        title: `${job}.png`,
        state: 'done',
        result: done,
        ...(batch && { batch }),
      });
      door.say({ event: { event: 'job:ended', line } });
      await flushPromises();
    };
    await end('a', 'batch-1');
    expect(wrapper.get('footer').text()).toContain('Saved a.png');
    await end('b', 'batch-1');
    await end('c', 'batch-1');
    expect(wrapper.get('footer').text()).toContain('Saved 3 files');
    expect(jobs.saved?.name).toBe('c.png');
    await end('d');
    expect(wrapper.get('footer').text()).toContain('Saved d.png');
  });

  test('of two exports the one that waits is seen in the queue and stopped there; the other goes on', async () => {
    const { button, door, wrapper } = await openPage(
      new FakeDoor({
        'jobs:list': () => [
          jobLine({ job: 'first', title: 'first.png', progress: { ...stage, done: 3, total: 9 } }),
          jobLine({ job: 'second', title: 'second.png', state: 'queued' }),
        ],
      }),
    );
    await flushPromises();
    expect(wrapper.get('footer').text()).toContain('1 more waiting');
    await button('Show all exports: first.png').trigger('click');
    await flushPromises();
    const row = (name: string) =>
      [...document.querySelectorAll('.queue li')].find((one) => one.textContent.includes(name));
    expect(row('second.png')!.textContent).toContain('Waiting');
    row('second.png')!.querySelector<HTMLElement>('[aria-label="Stop second.png"]')!.click();
    await flushPromises();
    expect(door.paramsOf('job:stop')).toEqual([{ job: 'second' }]);
    const line = jobLine({ job: 'second', title: 'second.png', state: 'stopped' });
    door.say({ event: { event: 'job:ended', line } });
    await flushPromises();
    expect(row('second.png')).toBeUndefined();
    expect(row('first.png')!.textContent).toContain('3 / 9');
  });

  test('a running export can be stopped, once', async () => {
    const { door, button, press, wrapper } = await openPage();
    await button('Try the sample').trigger('click');
    await flushPromises();
    await press('e');
    document.querySelector('[role=dialog] form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    await flushPromises();
    const progress = { stage: 'enlarge', done: 12, total: 40, secondsLeft: 3.2 };
    door.say({ event: { event: 'job:progress', job: 'job1', ...progress } });
    await flushPromises();
    expect(wrapper.get('footer').text()).toContain('12 / 40');
    expect(wrapper.get('footer').text()).toContain('3.2 s left');
    expect(wrapper.get('[role=progressbar]').attributes('aria-valuenow')).toBe('30');
    // Escape closes what is innermost, and an export is nothing of that.
    await press('Escape');
    const width = wrapper.get('input[aria-label="Width in pixels"]');
    await width.setValue('12');
    await width.trigger('keydown', { key: 'Escape' });
    await width.trigger('keydown', { key: 'Escape' });
    expect(door.paramsOf('job:stop')).toEqual([]);
    await button('Stop').trigger('click');
    await button('Stop').trigger('click');
    expect(door.paramsOf('job:stop')).toEqual([{ job: 'job1' }]);
    expect(wrapper.get('footer').text()).toContain('Stopping');
  });
});
