import type { CallMessage, EngineEvent, EngineMessage, PhotoInfo } from '../../src/shared/contract';
import type { Result } from '../../src/shared/faults';
import type { EngineChild } from '../../src/shared/link/engineLink';

export const PHOTO: PhotoInfo = {
  photo: 'photo-1',
  name: 'a.png',
  width: 4,
  height: 3,
  format: 'png',
  depth: 8,
  grey: false,
  alpha: false,
  profile: null,
  density: null,
  page: 1,
  pages: 1,
  embedded: false,
  gainMap: false,
  notes: [],
};

type Answers = Record<string, (message: CallMessage) => Result<unknown> | Promise<Result<unknown>>>;

/** What the fake engine answers to a call that opens a photo. */
export const photoFor = ({ params }: CallMessage): Result<PhotoInfo> => {
  const { photo, name } = params as { photo: string; name?: string };
  return { ok: true, value: { ...PHOTO, photo, ...(name !== undefined && { name }) } };
};

/** An engine in this process that records its calls and answers them as it is told; `null` otherwise. */
export class FakeEngine {
  readonly calls: CallMessage[] = [];
  private tellDoor: (message: EngineMessage) => void = () => undefined;
  private exit: (reason: string) => void = () => undefined;
  private deadly: string | undefined;
  private readonly waiting: { call: string; seen: (message: CallMessage) => void }[] = [];

  constructor(private readonly answers: Answers = {}) {}

  readonly spawn = (): EngineChild => ({
    send: (message) => {
      if ('call' in message) void this.take(message);
      return Promise.resolve();
    },
    onMessage: (listener) => {
      this.tellDoor = listener;
    },
    onExit: (listener) => {
      this.exit = listener;
    },
    kill: () => this.exit('ended by its door'),
    end: () => this.exit('ended by force'),
  });

  /** An event for a client. */
  tell(client: string, event: EngineEvent): void {
    this.tellDoor({ client, event });
  }

  die(reason: string): void {
    this.exit(reason);
  }

  /** It dies over the next call of this name, without an answer. */
  diesOver(call: string): void {
    this.deadly = call;
  }

  /** The first call of this name, made already or still to come. */
  called(call: string): Promise<CallMessage> {
    const made = this.calls.find((message) => message.call === call);
    if (made) return Promise.resolve(made);
    return new Promise((seen) => this.waiting.push({ call, seen }));
  }

  private async take(message: CallMessage): Promise<void> {
    this.calls.push(message);
    for (const { call, seen } of this.waiting) if (call === message.call) seen(message);
    if (message.call === this.deadly) {
      this.deadly = undefined;
      this.die('code 134');
      return;
    }
    const answer = this.answers[message.call] ?? ((): Result<unknown> => ({ ok: true, value: null }));
    this.tellDoor({ client: message.client, id: message.id, result: await answer(message) });
  }
}
