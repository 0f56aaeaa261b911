import { describe, expect, test } from 'vitest';
import { FakeDoor, photoInfo, Refusal } from './fakeDoor';

const fault = { code: 'bad-scale', message: 'Expected a scale from 1 to 30, received 31.' } as const;

describe('calls', () => {
  test('an answer settles its own call, in whatever order they come', async () => {
    const door = new FakeDoor({ 'photo:sample': () => photoInfo({ name: 'sample' }) });
    const [methods, photo] = await Promise.all([
      door.client.call('methods:list', {}),
      door.client.ask('photo:sample', {}),
    ]);
    expect(photo.name).toBe('sample');
    expect(methods.map((card) => card.id)).toEqual(['bicubic', 'fsrcnn']);
  });

  test('a fault rejects with its code and sentence', async () => {
    const door = new FakeDoor({
      'photo:sample': () => {
        throw new Refusal(fault);
      },
    });
    await expect(door.client.ask('photo:sample', {})).rejects.toMatchObject({ fault });
  });

  test('an answer that is not of the contract is refused, and says which field', async () => {
    const door = new FakeDoor({ 'photo:sample': () => ({ ...photoInfo(), width: -1 }) });
    await expect(door.client.ask('photo:sample', {})).rejects.toThrow(/answer of photo:sample.*width/);
  });

  test('a message that is not of the contract is told, not thrown', () => {
    const door = new FakeDoor();
    const broken: string[] = [];
    door.client.onBroken((one) => broken.push(one.code));
    door.say({ event: { event: 'view:tile', layer: 'photo-1 whole' } });
    expect(broken).toEqual(['bad-message']);
  });

  test('a lost connection fails what waits and what is asked, until it is back', async () => {
    const door = new FakeDoor({ 'photo:sample': () => photoInfo() });
    const waiting = new FakeDoor();
    const never = waiting.client.ask('door:choose', {});
    waiting.state('lost');
    await expect(never).rejects.toMatchObject({ fault: { code: 'engine-lost' } });
    door.state('lost');
    await expect(door.client.ask('photo:sample', {})).rejects.toMatchObject({
      fault: { code: 'engine-lost' },
    });
    door.state('open');
    await expect(door.client.ask('photo:sample', {})).resolves.toMatchObject({ photo: 'photo-1' });
  });

  test('a refused file names itself', async () => {
    const refusal = {
      code: 'unreadable-image',
      message: 'Expected a photo in a.jpg.',
      file: 'a.jpg',
    } as const;
    const door = new FakeDoor({ openFile: () => ({ ok: false, fault: refusal }) });
    await expect(door.client.openFile(new File(['x'], 'a.jpg'))).rejects.toMatchObject({ fault: refusal });
  });
});
