import { describe, expect, it } from 'vitest';
import { Queue, type EndTurn, type Priority } from '../../src/engine/schedule/queue';

const one = { turns: 1, forViews: 0 };

/** Asks for turns while one is held, then lets them through; gives the order in which they came. */
async function orderOf(asked: readonly { priority: Priority; client: string }[]): Promise<string[]> {
  const queue = new Queue(one);
  const blocker = await queue.turn({ priority: 'view', client: 'blocker' });
  const order: string[] = [];
  const all = asked.map(({ priority, client }) =>
    queue.during({ priority, client }, () => {
      order.push(`${client} ${priority}`);
      return Promise.resolve();
    }),
  );
  blocker();
  await Promise.all(all);
  return order;
}

describe('the queue', () => {
  it('serves views before jobs before what can wait', async () => {
    const order = await orderOf([
      { priority: 'background', client: 'a' },
      { priority: 'job', client: 'a' },
      { priority: 'view', client: 'a' },
    ]);
    expect(order).toEqual(['a view', 'a job', 'a background']);
  });

  it('lets clients take turns, however much one of them asks for', async () => {
    const job = (client: string): { priority: Priority; client: string } => ({ priority: 'job', client });
    const order = await orderOf([job('a'), job('a'), job('a'), job('b'), job('b')]);
    expect(order.map((entry) => entry[0])).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('keeps the order in which one client asked', async () => {
    const queue = new Queue(one);
    const end = await queue.turn({ priority: 'view', client: 'x' });
    const order: number[] = [];
    const asked = [1, 2, 3].map((n) =>
      queue.during({ priority: 'view', client: 'a' }, () => Promise.resolve(order.push(n))),
    );
    end();
    await Promise.all(asked);
    expect(order).toEqual([1, 2, 3]);
  });

  it('begins nothing that nobody asked for while idle work is about, and does once that is forgotten', async () => {
    const queue = new Queue();
    (await queue.turn({ priority: 'idle', client: 'b' }))();
    let begun = false;
    const waiting = queue.turn({ priority: 'background', client: 'a' }).then((end) => {
      begun = true;
      end();
    });
    (await queue.turn({ priority: 'idle', client: 'b' }))();
    expect(begun).toBe(false);
    queue.forget('b');
    await waiting;
    expect(queue.idle).toBe(true);
  });

  it('begins what nobody asked for after idle work that was all there was of its client', async () => {
    const queue = new Queue();
    const order: string[] = [];
    const note = (name: string) => () => Promise.resolve(void order.push(name));
    const measured = ['one', 'two'].map((name) => queue.whenIdle('measuring', note(name)));
    const later = queue.during({ priority: 'background', client: 'a' }, note('later'));
    const failed = queue.whenIdle('failing', () => Promise.reject(new Error('no')));
    await expect(failed).rejects.toThrow('no');
    await Promise.all([...measured, later]);
    expect(order).toEqual(['one', 'two', 'later']);
    await queue.during({ priority: 'background', client: 'a' }, note('again'));
    expect(order.at(-1)).toBe('again');
  });

  it('gives idle work no turn while something is done that needs none', async () => {
    const queue = new Queue();
    let open = (): void => undefined;
    const opening = queue.besides(() => new Promise<void>((done) => (open = done)));
    let measured = false;
    const measuring = queue.whenIdle('measuring', () => Promise.resolve(void (measured = true)));
    (await queue.turn({ priority: 'view', client: 'a' }))();
    await Promise.resolve();
    expect(measured).toBe(false);
    open();
    await Promise.all([opening, measuring]);
    expect(measured).toBe(true);
  });

  it('gives idle work a turn only while nobody else has one', async () => {
    const queue = new Queue({ turns: 4, forViews: 1 });
    const end = await queue.turn({ priority: 'view', client: 'a' });
    let idle = false;
    const waiting = queue.turn({ priority: 'idle', client: 'b' }).then((endIdle) => {
      idle = true;
      return endIdle;
    });
    const second = await queue.turn({ priority: 'job', client: 'c' });
    end();
    await Promise.resolve();
    expect(idle).toBe(false);
    second();
    const endIdle = await waiting;
    // What is begun beside it does not wait for it: it has at most this one turn.
    const third = await queue.turn({ priority: 'view', client: 'a' });
    endIdle();
    expect(queue.idle).toBe(false);
    third();
    expect(queue.idle).toBe(true);
  });

  it('leaves room for views beside jobs', async () => {
    const queue = new Queue({ turns: 3, forViews: 1 });
    const ends: EndTurn[] = [];
    ends.push(await queue.turn({ priority: 'job', client: 'a' }));
    ends.push(await queue.turn({ priority: 'job', client: 'a' }));
    let third = false;
    const waiting = queue.turn({ priority: 'job', client: 'a' }).then((end) => {
      third = true;
      return end;
    });
    (await queue.turn({ priority: 'view', client: 'b' }))();
    expect(third).toBe(false);
    ends[0]!();
    (await waiting)();
    ends[1]!();
    expect(queue.idle).toBe(true);
  });

  it('takes an aborted one out, and one that is aborted already never in', async () => {
    const queue = new Queue(one);
    const end = await queue.turn({ priority: 'job', client: 'a' });
    const controller = new AbortController();
    const waiting = queue.turn({ priority: 'job', client: 'a', signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
    await expect(queue.turn({ priority: 'job', client: 'a', signal: controller.signal })).rejects.toThrow(
      /abort/i,
    );
    end();
    end();
    expect(queue.idle).toBe(true);
  });

  it('gives the turn back when the work fails', async () => {
    const queue = new Queue(one);
    await expect(
      queue.during({ priority: 'job', client: 'a' }, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    expect(queue.idle).toBe(true);
  });
});
