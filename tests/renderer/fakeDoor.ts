import type {
  JobLine,
  MethodCard,
  PageCallMessage,
  PageDoorParams,
  PhotoInfo,
} from '../../src/shared/contract';
import type { Fault } from '../../src/shared/faults';
import { EngineClient, type LinkState, type Transport } from '../../src/renderer/engine/engineClient';

type Answer = (params: never) => unknown;

export const photoInfo = (part: Partial<PhotoInfo> = {}): PhotoInfo => ({
  photo: 'photo-1',
  name: 'chart.png',
  width: 640,
  height: 480,
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
  ...part,
});

export const methodCard = (part: Partial<MethodCard> = {}): MethodCard => ({
  id: 'bicubic',
  sum: 'code',
  name: 'Bicubic',
  family: 'interpolation',
  origin: 'bundled',
  source: null,
  scales: { min: 1, max: 30 },
  weights: 0,
  licence: 'none',
  psnrY: {},
  lpips: {},
  paper: null,
  goodAt: 'speed',
  badAt: 'detail',
  controls: [],
  learns: null,
  alwaysConsistent: false,
  paces: { 2: 0.1 },
  device: null,
  ...part,
});

/** The line of an export that begins. */
export const jobLine = (part: Partial<JobLine> = {}): JobLine => ({
  job: 'job1',
  kind: 'upscale',
  title: 'chart-x4.png',
  state: 'running',
  mine: true,
  begunAt: 0,
  progress: null,
  ...part,
});

/** Thrown by an answer: the door refuses with this fault. */
export class Refusal extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

/** A door in memory: remembers what it was asked, answers from a table, and says what a test tells it to. */
export class FakeDoor implements Transport {
  readonly asked: PageCallMessage[] = [];
  readonly client: EngineClient;
  private listener: { message(data: unknown): void; state(state: LinkState): void } | null = null;

  constructor(readonly answers: Record<string, Answer> = {}) {
    this.client = new EngineClient(this);
  }

  listen(listener: { message(data: unknown): void; state(state: LinkState): void }): void {
    this.listener = listener;
    listener.state('open');
  }

  post(message: PageCallMessage): void {
    this.asked.push(message);
    const answer = this.answers[message.call] ?? DEFAULTS[message.call];
    if (!answer) return;
    queueMicrotask(() => {
      try {
        this.say({ id: message.id, result: { ok: true, value: answer(message.params as never) } });
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        this.say({ id: message.id, result: { ok: false, fault: thrown.fault } });
      }
    });
  }

  openFile(file: File): Promise<unknown> {
    const answer = this.answers['openFile'] ?? (() => ({ ok: true, value: photoInfo({ name: file.name }) }));
    return Promise.resolve(answer(file as never));
  }

  offerModel(file: File): Promise<unknown> {
    return Promise.resolve({ ok: true, value: { model: 'model-1', name: file.name } });
  }

  retry(): void {
    this.state('open');
  }

  say(message: unknown): void {
    this.listener?.message(message);
  }

  state(state: LinkState): void {
    this.listener?.state(state);
  }

  /** What was asked by one call, oldest first. */
  paramsOf<T>(call: string): T[] {
    return this.asked.filter((message) => message.call === call).map((message) => message.params as T);
  }
}

const DEFAULTS: Record<string, Answer> = {
  'door:describe': () => ({ door: 'browser', version: '0.1.0', platform: 'linux', client: 'page-1' }),
  'settings:read': () => ({}),
  'settings:change': () => null,
  'methods:list': () => [
    methodCard(),
    methodCard({
      id: 'fsrcnn',
      name: 'FSRCNN',
      family: 'convolutional',
      scales: [2, 3, 4],
      weights: 12_464,
      paces: { 2: 1, 3: 1, 4: 1 },
    }),
  ],
  'photo:sample': () => photoInfo(),
  'photo:reopen': ({ photo }: { photo: string }) => photoInfo({ photo }),
  'photo:close': () => null,
  'session:read': () => ({ snapshot: null }),
  'session:write': () => null,
  'view:want': () => null,
  'view:grant': () => null,
  'view:close': () => null,
  'jobs:list': () => [],
  'door:ordered': () => null,
  'door:fetched': () => null,
  'door:finished': () => [],
  'job:stop': () => null,
  'model:forget': () => null,
  'door:export': ({ suggestedName }: PageDoorParams<'door:export'>) => jobLine({ title: suggestedName }),
  'door:collect': () => ({ download: '/download/x' }),
};
