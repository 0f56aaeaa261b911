import { flushPromises } from '@vue/test-utils';
import { describe, expect, test, vi } from 'vitest';
import { FakeDoor, photoInfo, Refusal } from './fakeDoor';
import { openPage } from './pageOnFakeDoor';

describe('the page whose engine or door is away', () => {
  test('a list of methods that is known stays while the connection is lost', async () => {
    const { door, wrapper } = await openPage();
    door.state('lost');
    window.dispatchEvent(new Event('focus')); // the user comes back
    await flushPromises();
    expect(wrapper.findAll('[data-method]').length).toBeGreaterThan(0);
    expect(wrapper.text()).not.toContain('The methods could not be read');
  });

  test('after the engine was started again the door brings the photos; after a lost connection the page asks', async () => {
    const door = new FakeDoor({ 'photo:sample': () => photoInfo({ photo: 'photo-a' }) });
    const { button, wrapper } = await openPage(door);
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
    const { button, door, wrapper } = await openPage();
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
      const { wrapper } = await openPage(door);
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
    const { button, wrapper } = await openPage(door);
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
    const { button, wrapper } = await openPage(door);
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
