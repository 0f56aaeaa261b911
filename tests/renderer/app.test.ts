import { flushPromises } from '@vue/test-utils';
import { describe, expect, test } from 'vitest';
import type { MethodCard, PageDoorParams, Settings } from '../../src/shared/contract';
import { FakeDoor, jobLine, methodCard, photoInfo } from './fakeDoor';
import { openPage } from './pageOnFakeDoor';

describe('the page', () => {
  test('opens the sample from the empty window and says what it is', async () => {
    const { button, wrapper } = await openPage();
    expect(wrapper.text()).toContain('Drop a photo anywhere, or paste one');
    await button('Try the sample').trigger('click');
    await flushPromises();
    expect(wrapper.get('header').text()).toContain('chart.png');
    expect(wrapper.get('header').text()).toContain('640 × 480');
    expect(wrapper.text()).not.toContain('Drop a photo anywhere');
  });

  test('without WebGL it says so, with the next step', async () => {
    const { wrapper } = await openPage();
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
    const { door, wrapper, field } = await openPage(new FakeDoor({ 'settings:read': () => remembered }));
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
    const { button, field, enter, wrapper } = await openPage();
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
    const { button, field, enter } = await openPage();
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
    const { button, field, enter, wrapper } = await openPage();
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
    const { button, wrapper, view, compare } = await openPage();
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
    const { button, press, wrapper } = await openPage();
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
    const { button, press, wrapper } = await openPage(
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
    const { button, press } = await openPage();
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
    const { button, field, press } = await openPage(new FakeDoor(answers));
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
    const { button, press, wrapper, view } = await openPage();
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

  test('what is turned in a method is kept with it and goes into the export', async () => {
    const orders: PageDoorParams<'door:export'>[] = [];
    const controls: MethodCard['controls'] = [
      { id: 'crispness', default: 0.4 },
      { id: 'seed', default: 7 },
    ];
    const crisp = methodCard({ id: 'cs', name: 'CS', family: 'implicit', controls });
    const { button, enter, field, press, wrapper } = await openPage(
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
    const { button, door, press, wrapper } = await openPage(
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
    const { button, press, wrapper } = await openPage();
    await press('i');
    expect(wrapper.find('.legend').exists()).toBe(false);
    await button('Try the sample').trigger('click');
    await flushPromises();
    await press('i');
    expect(button('Invented').attributes('aria-pressed')).toBe('true');
    await button('Invented').trigger('click');
    expect(button('Invented').attributes('aria-pressed')).toBe('false');
  });
});
