import { flushPromises } from '@vue/test-utils';
import { describe, expect, test, vi } from 'vitest';
import { useCompare } from '../../src/renderer/stores/compare';
import { useJobs } from '../../src/renderer/stores/jobs';
import { useView } from '../../src/renderer/stores/view';
import type { MethodCard, PageDoorParams, Settings, UpscaleOrder } from '../../src/shared/contract';
import { PLAIN_OPTIONS } from '../../src/shared/enlargement';
import { FakeDoor, jobLine, methodCard, photoInfo, Refusal } from './fakeDoor';
import { openApp } from './openApp';

/** The whole page on a door in memory; happy-dom has no WebGL, which the view says. */
async function open(door = new FakeDoor()) {
  const { app: wrapper, pinia } = await openApp(door);
  const button = (text: string) => {
    const found = wrapper
      .findAll('button')
      .find((one) => one.text() === text || one.attributes('aria-label') === text);
    if (!found) throw new Error(`there is no button “${text}”`);
    return found;
  };
  const field = (label: string) => wrapper.get<HTMLInputElement>(`input[aria-label="${label}"]`);
  const enter = async (label: string, text: string): Promise<void> => {
    await field(label).setValue(text);
    await field(label).trigger('keydown', { key: 'Enter' });
    await flushPromises();
  };
  const press = async (key: string, part: KeyboardEventInit = {}): Promise<void> => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...part }));
    await flushPromises();
  };
  return {
    door,
    wrapper,
    button,
    field,
    enter,
    press,
    view: useView(pinia),
    compare: useCompare(pinia),
    jobs: useJobs(pinia),
  };
}

const stage = { stage: 'enlarge', secondsLeft: null } as const;

describe('the page', () => {
  test('opens the sample from the empty window and says what it is', async () => {
    const { button, wrapper } = await open();
    expect(wrapper.text()).toContain('Drop a photo anywhere, or paste one');
    await button('Try the sample').trigger('click');
    await flushPromises();
    expect(wrapper.get('header').text()).toContain('chart.png');
    expect(wrapper.get('header').text()).toContain('640 × 480');
    expect(wrapper.text()).not.toContain('Drop a photo anywhere');
  });

  test('without WebGL it says so, with the next step', async () => {
    const { wrapper } = await open();
    expect(wrapper.get('[role=alert]').text()).toContain('WebGL 2');
    expect(wrapper.get('[role=alert]').text()).toContain('Reload');
  });

  test('remembered settings are used, and changes are written down', async () => {
    const remembered: Partial<Settings> = {
      method: 'bicubic',
      scale: 3,
      language: 'ko',
      theme: 'light',
      turned: { bicubic: { consistent: true } },
    };
    const { door, wrapper, field } = await open(new FakeDoor({ 'settings:read': () => remembered }));
    expect(document.documentElement.lang).toBe('ko');
    expect(document.documentElement.dataset['theme']).toBe('light');
    expect(field('확대 배율').element.value).toBe('3');
    expect(wrapper.get('[data-method=bicubic]').attributes('aria-checked')).toBe('true');
    const consistent = wrapper.get<HTMLInputElement>('.settings input[role=switch]');
    expect(consistent.element.checked).toBe(true);
    await consistent.setValue(false);
    await wrapper.get('[data-method=fsrcnn]').trigger('click');
    await expect
      .poll(() => door.paramsOf<Partial<Settings>>('settings:change'))
      .toEqual([{ turned: { bicubic: { consistent: false } } }, { method: 'fsrcnn' }]);
  });

  test('scale, pixels and centimetres follow one another', async () => {
    const { button, field, enter, wrapper } = await open();
    await button('Try the sample').trigger('click');
    await flushPromises();
    await enter('Width in pixels', '1601');
    expect(field('Height in pixels').element.value).toBe('1201');
    expect(field('Scale factor').element.value).toBe('2.502');
    await enter('Dots per inch', '254');
    expect(field('Width in centimetres').element.value).toBe('16.01');
    await enter('Height in centimetres', '9.6');
    expect(field('Height in pixels').element.value).toBe('960');
    await enter('Scale factor', '0.5');
    expect(wrapper.text()).toContain('From ×1 to ×30.');
    expect(field('Height in pixels').element.value).toBe('960');
  });

  test('a number is taken as people write it', async () => {
    const { button, field, enter } = await open();
    await button('Try the sample').trigger('click');
    await flushPromises();
    await enter('Scale factor', 'x3');
    expect(field('Width in pixels').element.value).toBe('1920');
    await enter('Scale factor', '250%');
    expect(field('Width in pixels').element.value).toBe('1600');
    await enter('Width in pixels', '3,200 px');
    expect(field('Scale factor').element.value).toBe('5');
    await enter('Width in centimetres', '10 in');
    expect(field('Width in centimetres').element.value).toBe('25.4');
  });

  test('what is refused stays as it was written; its sentence goes with it', async () => {
    const { button, field, enter, wrapper } = await open();
    await button('Try the sample').trigger('click');
    await flushPromises();
    const width = field('Width in pixels');
    const sentence = '“wide” is not a number. Write it like 1920.';
    await enter('Width in pixels', 'wide');
    expect(width.element.value).toBe('wide');
    expect(wrapper.text()).toContain(sentence);
    await width.trigger('blur');
    expect(width.element.value).toBe('wide');
    await width.trigger('keydown', { key: 'Escape' });
    expect(width.element.value).toBe('2560');
    expect(wrapper.text()).not.toContain(sentence);

    await enter('Width in pixels', '40,000');
    expect(width.element.value).toBe('40,000');
    expect(wrapper.text()).toContain('From 640 to 19,200.');
    await button('×2').trigger('click');
    await flushPromises();
    expect(width.element.value).toBe('1280');
    expect(wrapper.text()).not.toContain('From 640');

    await enter('Scale factor', '99');
    expect(wrapper.text()).toContain('From ×1 to ×30.');
    await button('Close photo').trigger('click');
    await flushPromises();
    expect(wrapper.text()).not.toContain('From ×1');
    expect(field('Scale factor').element.value).toBe('2');
  });

  test('the status bar names what is shown where that is not what is chosen', async () => {
    const { button, wrapper, view, compare } = await open();
    await button('Try the sample').trigger('click');
    await wrapper.get('[data-method=fsrcnn]').trigger('click');
    const shown = () => wrapper.get('footer .shown').text();
    const options = { consistent: false, ensemble: false };
    view.camera = { zoom: 3, x: 320, y: 240 };
    view.shownMaker = { method: { id: 'bicubic' }, options, isPhoto: false };
    await flushPromises();
    expect(shown()).toBe('Bicubic meanwhile');
    view.shownMaker = { method: { id: 'fsrcnn' }, options: { ...options, ensemble: true }, isPhoto: false };
    await flushPromises();
    expect(shown()).toBe('FSRCNN as it was, meanwhile');
    compare.choose('split');
    await flushPromises();
    expect(shown()).not.toContain('meanwhile'); // each of several has a label of its own
    compare.choose('single');
    view.shownMaker = { method: { id: 'fsrcnn' }, options, isPhoto: false };
    await flushPromises();
    expect(shown()).toBe('FSRCNN');
    view.camera = { zoom: 0.5, x: 320, y: 240 };
    await flushPromises();
    expect(shown()).toBe('Reduced view');
  });

  test('a photo that is closed says so with the way back; the word goes with the next step', async () => {
    const { button, press, wrapper } = await open();
    await button('Try the sample').trigger('click');
    await flushPromises();
    await press('w');
    expect(wrapper.text()).toContain('chart.png is closed.');
    await button('Undo').trigger('click');
    await flushPromises();
    expect(wrapper.get('header').text()).toContain('chart.png');
    expect(wrapper.text()).not.toContain('chart.png is closed.');
    await press('w');
    await press('z', { ctrlKey: true });
    expect(wrapper.text()).not.toContain('chart.png is closed.');
  });

  test('what is said of a photo lies beside the view and goes with the photo', async () => {
    const note = 'The photo is stored in CMYK and was converted to sRGB.';
    const { button, press, wrapper } = await open(
      new FakeDoor({ 'photo:sample': () => photoInfo({ notes: [note] }) }),
    );
    await button('Try the sample').trigger('click');
    await flushPromises();
    expect(wrapper.get('.lane').text()).toContain(note);
    expect(wrapper.get('.view').text()).not.toContain(note);
    await press('w');
    expect(wrapper.text()).not.toContain(note);
  });

  test('leaving asks only where work would be lost', async () => {
    const { button, press } = await open();
    const asks = (): boolean => {
      const leaving = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(leaving);
      return leaving.defaultPrevented;
    };
    const opened = button('Try the sample').trigger('click');
    expect(asks()).toBe(true);
    await opened;
    await flushPromises();
    expect(asks()).toBe(false);
    await press('e');
    document.querySelector('[role=dialog] form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    await flushPromises();
    // The engine of a browser's page outlives it, and the page finds its exports again.
    expect(asks()).toBe(false);
  });

  test('a photo without a density prints at the user’s own; one that tells it at that', async () => {
    const remembered: Partial<Settings> = { scale: 2, dpi: 254 };
    const answers = { 'settings:read': () => remembered, 'photo:sample': () => photoInfo() };
    const { button, field, press } = await open(new FakeDoor(answers));
    await button('Try the sample').trigger('click');
    await flushPromises();
    expect(field('Dots per inch').element.value).toBe('254');
    expect(field('Width in centimetres').element.value).toBe('12.8');
    await press('w');
    answers['photo:sample'] = () => photoInfo({ photo: 'photo-2', density: 127 });
    await button('Try the sample').trigger('click');
    await flushPromises();
    expect(field('Width in centimetres').element.value).toBe('25.6');
  });

  test('where a photo is reduced the methods say so; their details lie over the view, and Escape closes them', async () => {
    const { button, press, wrapper, view } = await open();
    await button('Try the sample').trigger('click');
    await flushPromises();
    view.camera = { zoom: 0.2, x: 320, y: 240 };
    await flushPromises();
    expect(wrapper.text()).toContain('At 20 % the photo is shown reduced; methods differ above 100 %.');
    view.camera = { zoom: 2, x: 320, y: 240 };
    await flushPromises();
    expect(wrapper.find('.reduced').exists()).toBe(false);

    await button('About FSRCNN').trigger('click');
    expect(wrapper.get('.flyout').text()).toContain('12,464');
    await press('Escape');
    expect(wrapper.find('.flyout').exists()).toBe(false);
  });

  test('an export asks its door for exactly what the dialog says', async () => {
    const orders: PageDoorParams<'door:export'>[] = [];
    const done = { width: 1280, height: 960, seconds: 2, device: 'cpu', notes: [] };
    const { door, button, press, wrapper } = await open(
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

  test('what is turned in a method is kept with it and goes into the export', async () => {
    const orders: PageDoorParams<'door:export'>[] = [];
    const controls: MethodCard['controls'] = [
      { id: 'crispness', default: 0.4 },
      { id: 'seed', default: 7 },
    ];
    const crisp = methodCard({ id: 'cs', name: 'CS', family: 'implicit', controls });
    const { button, enter, field, press, wrapper } = await open(
      new FakeDoor({
        'methods:list': () => [methodCard(), crisp],
        'settings:read': () => ({ method: 'cs' }),
        'door:export': (params: PageDoorParams<'door:export'>) => {
          orders.push(params);
          return jobLine({ job: `job${orders.length}`, title: params.suggestedName });
        },
      }),
    );
    const toggle = (index: number) => wrapper.findAll('input[role=switch]')[index]!;
    const save = async (): Promise<void> => {
      await press('e');
      document.querySelector('[role=dialog] form')!.dispatchEvent(new Event('submit', { cancelable: true }));
      await flushPromises();
    };
    await button('Try the sample').trigger('click');
    await flushPromises();
    expect(field('Seed').element.value).toBe('7');
    await toggle(0).setValue(true);
    await toggle(1).setValue(true);
    await button('Another interpretation').trigger('click');
    await wrapper.get('input[type=text][aria-label=Crispness]').setValue('0.75');
    await wrapper.get('input[type=text][aria-label=Crispness]').trigger('keydown', { key: 'Enter' });
    const seed = Number(field('Seed').element.value);
    expect(seed).not.toBe(7);
    await save();
    expect(orders[0]!.order.enlargement.options).toEqual({
      ensemble: true,
      consistent: true,
      crispness: 0.75,
      seed,
    });

    await wrapper.get('[data-method=bicubic]').trigger('click');
    expect(wrapper.find('input[type=range]').exists()).toBe(false);
    expect(toggle(1).attributes('aria-disabled')).toBe('true');
    await save();
    expect(orders[1]!.order.enlargement.options).toEqual({ ensemble: false, consistent: false });

    await wrapper.get('[data-method=cs]').trigger('click');
    expect(wrapper.get<HTMLInputElement>('input[type=range]').element.value).toBe('0.75');
    await wrapper.get('input[type=range]').trigger('dblclick');
    await enter('Seed', '7');
    await save();
    expect(orders[2]!.order.enlargement.options).toEqual({ ensemble: true, consistent: true });
  });

  test('methods follow the engine, and what was trained again is exported as it is now', async () => {
    const orders: PageDoorParams<'door:export'>[] = [];
    const done = { width: 1280, height: 960, seconds: 2, device: 'cpu', notes: [] };
    const mine = (digit: string): MethodCard =>
      methodCard({ id: 'mine', name: 'Garden', origin: 'personal', sum: digit.repeat(16) });
    let cards = [methodCard()];
    const { button, door, press, wrapper } = await open(
      new FakeDoor({
        'methods:list': () => cards,
        'door:export': (params: PageDoorParams<'door:export'>) => {
          orders.push(params);
          return { name: params.suggestedName, download: null, done };
        },
      }),
    );
    const changed = async (change: 'added' | 'replaced' | 'removed', now: MethodCard[]): Promise<void> => {
      cards = now;
      door.say({ event: { event: 'methods:changed', changes: [{ id: 'mine', change }] } });
      await flushPromises();
    };
    const save = async (): Promise<void> => {
      await press('e');
      document.querySelector('[role=dialog] form')!.dispatchEvent(new Event('submit', { cancelable: true }));
      await flushPromises();
    };
    await button('Try the sample').trigger('click');
    await changed('added', [methodCard(), mine('1')]);
    expect(wrapper.get('.methods').text()).toMatch(/Personal\s*Garden/);
    await wrapper.get('[data-method=mine]').trigger('click');
    await save();
    await changed('replaced', [methodCard(), mine('2')]);
    await save();
    expect(orders.map(({ order }) => order.enlargement.method.sum)).toEqual(['1'.repeat(16), '2'.repeat(16)]);
    await changed('removed', [methodCard()]);
    expect(wrapper.find('[data-method=mine]').exists()).toBe(false);

    cards = [methodCard(), mine('3')];
    window.dispatchEvent(new Event('focus'));
    await flushPromises();
    expect(wrapper.find('[data-method=mine]').exists()).toBe(true);
  });

  test('I shows what was invented, with a word why there is nothing of it', async () => {
    const { button, press, wrapper } = await open();
    await press('i');
    expect(wrapper.find('.legend').exists()).toBe(false);
    await button('Try the sample').trigger('click');
    await flushPromises();
    await press('i');
    expect(button('Invented').attributes('aria-pressed')).toBe('true');
    await button('Invented').trigger('click');
    expect(button('Invented').attributes('aria-pressed')).toBe('false');
  });

  test('a failed export stays beside the job, and its button tries again', async () => {
    let attempts = 0;
    const fault = {
      code: 'disk-full',
      message: 'Expected room for chart.png, but the disk is full.',
    } as const;
    const { button, press, wrapper } = await open(
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
    const { door, wrapper } = await open(
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
    const { button, door, wrapper } = await open(
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
    const { button, door, jobs, wrapper } = await open(
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
    const { jobs, button } = await open(before);
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
    const next = await open(after);
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
    const { jobs, button } = await open(door);
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
    const { jobs, wrapper } = await open(door);
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
    const { button, door, wrapper } = await open(
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

  test('a list of methods that is known stays while the connection is lost', async () => {
    const { door, wrapper } = await open();
    door.state('lost');
    window.dispatchEvent(new Event('focus')); // the user comes back
    await flushPromises();
    expect(wrapper.findAll('[data-method]').length).toBeGreaterThan(0);
    expect(wrapper.text()).not.toContain('The methods could not be read');
  });

  test('files that were ordered are told of before the engine has begun any', async () => {
    const door = new FakeDoor();
    const { jobs, wrapper } = await open(door);
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
    const { door, wrapper } = await open(new FakeDoor({ 'jobs:list': () => lines }));
    await flushPromises();
    expect(wrapper.get('footer').text()).toContain('short.png');
    door.say({ event: { event: 'job:ended', line: jobLine({ title: 'short.png', state: 'stopped' }) } });
    door.say({ event: { event: 'jobs:changed' } });
    await flushPromises();
    expect(wrapper.get('footer').text()).not.toContain('short.png');
  });

  test('of a batch the lane says how many files are saved, of one by itself its name', async () => {
    const done = { width: 1280, height: 960, seconds: 2, device: 'cpu', notes: [] };
    const { door, jobs, wrapper } = await open();
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
    const { button, door, wrapper } = await open(
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
    const { door, button, press, wrapper } = await open();
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

  test('after the engine was started again the door brings the photos; after a lost connection the page asks', async () => {
    const door = new FakeDoor({ 'photo:sample': () => photoInfo({ photo: 'photo-a' }) });
    const { button, wrapper } = await open(door);
    await button('Try the sample').trigger('click');
    await flushPromises();
    const fault = { code: 'engine-lost', message: 'The engine stopped unexpectedly and was started again.' };
    door.say({ event: { event: 'engine:lost', fault } });
    await flushPromises();
    expect(wrapper.get('.view').attributes('data-photo')).toBe('photo-a');
    door.say({ event: { event: 'engine:restored', failed: [] } });
    await flushPromises();
    expect(wrapper.get('.view').attributes('data-photo')).toBe('photo-a');
    expect(door.paramsOf('photo:reopen')).toEqual([]);
    door.state('lost');
    await flushPromises();
    expect(wrapper.text()).toContain('The connection to Enlarger is lost');
    await button('Try now').trigger('click');
    await flushPromises();
    expect(wrapper.get('.view').attributes('data-photo')).toBe('photo-a');
    expect(door.paramsOf('photo:reopen')).toEqual([{ photo: 'photo-a' }]);
  });

  test('a lost connection is told once, whatever failed for it, and nothing of that is left once it is back', async () => {
    const { button, door, wrapper } = await open();
    const alerts = (): string[] => wrapper.findAll('.lane [role=alert]').map((one) => one.text());
    door.state('lost');
    await button('Try the sample').trigger('click');
    await flushPromises();
    expect(alerts()).toEqual([expect.stringContaining('The connection to Enlarger is lost')]);
    await button('Try now').trigger('click');
    await flushPromises();
    expect(alerts()).toEqual([]);
  });

  test('that the engine was started again is told until its photos are back, and then for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const door = new FakeDoor();
      const { wrapper } = await open(door);
      const message = 'The engine stopped unexpectedly and was started again.';
      door.say({ event: { event: 'engine:lost', fault: { code: 'engine-lost', message } } });
      await vi.advanceTimersByTimeAsync(60_000);
      expect(wrapper.text()).toContain(message);
      door.say({ event: { event: 'engine:restored', failed: [] } });
      await vi.advanceTimersByTimeAsync(5_000);
      expect(wrapper.text()).toContain(message);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(wrapper.text()).not.toContain(message);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a photo that the new engine could not open keeps its place and says why', async () => {
    const door = new FakeDoor({ 'photo:sample': () => photoInfo({ photo: 'photo-a' }) });
    const { button, wrapper } = await open(door);
    await button('Try the sample').trigger('click');
    await flushPromises();
    const message = 'Expected chart.png as it was when it was opened, but the file was changed since.';
    const fault = { code: 'photo-changed' as const, message, file: 'chart.png' };
    door.say({ event: { event: 'engine:restored', failed: [{ photo: 'photo-a', fault }] } });
    await flushPromises();
    expect(wrapper.get('.missing').text()).toContain(message);
    await button('Try again').trigger('click');
    await flushPromises();
    expect(wrapper.get('.view').attributes('data-photo')).toBe('photo-a');
  });

  test('a photo whose file is gone after that keeps its place and says so, and can be removed', async () => {
    const fault = {
      code: 'unreadable-image',
      message: 'Expected a photo in a.png, found none.',
      file: 'a.png',
    };
    const door = new FakeDoor({
      openFile: () => ({ ok: true, value: photoInfo({ name: 'a.png' }) }),
      'photo:reopen': () => {
        throw new Refusal({ ...fault, code: 'photo-moved' });
      },
    });
    const { button, wrapper } = await open(door);
    const input = wrapper.get<HTMLInputElement>('input[type=file]');
    Object.defineProperty(input.element, 'files', { value: [new File(['x'], 'a.png')] });
    await input.trigger('change');
    await flushPromises();
    expect(wrapper.get('header').text()).toContain('a.png');
    door.state('lost');
    door.state('open');
    await flushPromises();
    expect(wrapper.get('.missing').text()).toContain(fault.message);
    expect(wrapper.get('header').text()).toContain('a.png');
    await button('Try again').trigger('click');
    await flushPromises();
    expect(door.paramsOf('photo:reopen')).toHaveLength(2);
    expect(wrapper.get('.missing').text()).toContain('a.png cannot be read just now');
    await button('Remove from the list').trigger('click');
    expect(wrapper.text()).toContain('Drop a photo anywhere');
  });
});
