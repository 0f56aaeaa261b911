import { describe, expect, it, vi } from 'vitest';
import type { CallMessage, DoorMessage, EngineMessage } from '../../../src/shared/contract';
import { EngineLink, type EngineChild, type EngineLinkOptions } from '../../../src/shared/link/engineLink';

/** An engine process in memory: what was sent to it is kept, what it says and when it dies is the test's. */
class FakeEngine implements EngineChild {
  readonly calls: CallMessage[] = [];
  asked = 0;
  killed = false;
  refusing = false;
  private listener: (message: EngineMessage) => void = () => undefined;
  private exit: (reason: string) => void = () => undefined;

  send(message: DoorMessage): Promise<void> {
    if ('pulse' in message) this.asked += 1;
    else this.calls.push(message);
    return this.refusing ? Promise.reject(new Error('the pipe is closed')) : Promise.resolve();
  }
  onMessage(listener: (message: EngineMessage) => void): void {
    this.listener = listener;
  }
  onExit(listener: (reason: string) => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.killed = true;
  }
  end(): void {
    this.dies('SIGKILL');
  }
  says(message: unknown): void {
    this.listener(message as EngineMessage);
  }
  answers(index: number, value: unknown): void {
    const { client, id } = this.calls[index]!;
    this.says({ client, id, result: { ok: true, value } });
  }
  dies(reason = 'code 134'): void {
    this.exit(reason);
  }
}

function linked(options: Partial<EngineLinkOptions> = {}): { link: EngineLink; engines: FakeEngine[] } {
  const engines: FakeEngine[] = [];
  const spawn = (): EngineChild => {
    engines.push(new FakeEngine());
    return engines.at(-1)!;
  };
  return { link: new EngineLink({ spawn, ...options }), engines };
}

const lost = (detail: string): object => ({ ok: false, fault: { code: 'engine-lost', detail } });

describe('EngineLink', () => {
  it('pairs answers with calls, whatever their order', async () => {
    const { link, engines } = linked();
    const first = link.call('a', 'methods:list', {});
    const second = link.call('b', 'photo:sample', { photo: 'photo-1' });
    engines[0]!.says({ ready: true });
    engines[0]!.answers(1, 'two');
    engines[0]!.answers(0, 'one');
    expect(await first).toEqual({ ok: true, value: 'one' });
    expect(await second).toEqual({ ok: true, value: 'two' });
    expect(engines).toHaveLength(1);
  });

  it('hands every event on, with its client', () => {
    const heard: unknown[] = [];
    const { link, engines } = linked({ onEvent: (client, event) => heard.push([client, event]) });
    link.start();
    const event = { event: 'notice', message: 'The graphics device was dropped.' };
    engines[0]!.says({ client: 'tab', event });
    expect(heard).toEqual([['tab', event]]);
  });

  it('fails waiting calls when the engine dies, starts it again, and goes on', async () => {
    const reasons: string[] = [];
    const { link, engines } = linked({ onLost: (reason) => reasons.push(reason) });
    const waiting = link.call('a', 'methods:list', {});
    engines[0]!.dies('killed by a test');
    expect(await waiting).toMatchObject(lost('killed by a test'));
    expect(reasons).toEqual(['killed by a test']);
    expect(engines).toHaveLength(2);
    const next = link.call('a', 'methods:list', {});
    engines[1]!.answers(0, []);
    expect(await next).toEqual({ ok: true, value: [] });
  });

  it('does not start an engine again and again that never answers, but does when asked', async () => {
    const { link, engines } = linked();
    link.start();
    for (let k = 0; k < 3; k++) engines.at(-1)!.dies();
    expect(engines).toHaveLength(3);
    const asked = link.call('a', 'methods:list', {});
    expect(engines).toHaveLength(4);
    engines[3]!.answers(0, []);
    expect(await asked).toEqual({ ok: true, value: [] });
    engines[3]!.dies();
    expect(engines).toHaveLength(5);
  });

  it('answers late messages of nobody with nothing, and the same call only once', async () => {
    const { link, engines } = linked();
    const call = link.call('a', 'methods:list', {});
    engines[0]!.answers(0, 'first');
    engines[0]!.answers(0, 'second');
    expect(await call).toEqual({ ok: true, value: 'first' });
  });

  it('fails a call that cannot be sent', async () => {
    const { link, engines } = linked();
    link.start();
    engines[0]!.refusing = true;
    expect(await link.call('a', 'methods:list', {})).toMatchObject(lost('Error: the pipe is closed'));
  });

  it('closed: ends the engine, fails what waits and what comes, and starts nothing', async () => {
    const { link, engines } = linked();
    const waiting = link.call('a', 'methods:list', {});
    void link.close();
    expect(engines[0]!.killed).toBe(true);
    engines[0]!.dies();
    expect(await waiting).toMatchObject(lost('the link was closed'));
    expect(await link.forward('a', 'methods:list', {})).toMatchObject(lost('the link was closed'));
    expect(engines).toHaveLength(1);
  });

  it('refuses what is no message of an engine', () => {
    const { link, engines } = linked();
    link.start();
    expect(() => engines[0]!.says({ hello: 'world' })).toThrow();
  });
});

it('ends an engine that stands still, and starts another', async () => {
  vi.useFakeTimers();
  try {
    const reasons: string[] = [];
    const { link, engines } = linked({ onLost: (reason) => reasons.push(reason) });
    const waiting = link.call('a', 'methods:list', {});
    engines[0]!.says({ ready: true });
    vi.advanceTimersByTime(2000);
    engines[0]!.says({ pulse: { silentSeconds: 10, workingSeconds: 20 } });
    expect(engines[0]!.asked).toBe(1);
    vi.advanceTimersByTime(12_000);
    expect(reasons).toEqual([]);
    vi.advanceTimersByTime(2000);
    expect(reasons).toEqual(['it gave no sign of life for 12 s and was ended\nSIGKILL']);
    expect(await waiting).toMatchObject(lost(reasons[0]!));
    expect(engines).toHaveLength(2);
    await Promise.race([link.close(), Promise.resolve()]);
  } finally {
    vi.useRealTimers();
  }
});
