/**
 * What goes first: what someone looks at, then what someone waits for, then work without end that somebody asked for,
 * then what nobody did. `idle` turns come only while nobody else has one: such work stands back whatever is begun
 * beside it. Until its client is forgotten, what nobody asked for waits: begun between two such turns it would never
 * leave room for the next.
 */
export const PRIORITIES = ['view', 'job', 'idle', 'background'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface TurnAsked {
  readonly priority: Priority;
  /** Clients of one priority take turns, however much one of them asks for. */
  readonly client: string;
  readonly signal?: AbortSignal;
}

interface Waiting extends TurnAsked {
  readonly begin: () => void;
}

/** Turns at once, and how many of them are for views alone: a job that waits for a file leaves room to look. */
export interface QueueWidth {
  readonly turns: number;
  readonly forViews: number;
}

const USUAL_WIDTH: QueueWidth = { turns: 4, forViews: 1 };

/** Gives a turn back; harmless when called twice. */
export type EndTurn = () => void;

/**
 * One runner for all work of the engine. Whoever wants to enlarge a tile asks for a turn and gives it back
 * when the tile is done, so between two tiles of a job whatever is more urgent gets in.
 *
 * Several turns run at once: not to compute in parallel (the runtime takes all cores for one tile) but so
 * that the next tile is read, and the one before finished and written, while one is computed.
 */
export class Queue {
  private readonly waiting: Waiting[] = [];
  private running = 0;
  /** Works that need no turn and yet want the machine. */
  private beside = 0;
  private turns = 0;
  /** When each client last had a turn, in turns. */
  private readonly served = new Map<string, number>();
  /** Clients of idle work that were not forgotten yet. */
  private readonly idlers = new Set<string>();

  constructor(private readonly width: QueueWidth = USUAL_WIDTH) {}

  /** Nobody has a turn and nobody waits. */
  get idle(): boolean {
    return this.running === 0 && this.waiting.length === 0;
  }

  /** How many turns there were so far. */
  get turnsGiven(): number {
    return this.turns;
  }

  /** Resolves when it is one's turn; rejects with the signal's reason when aborted while waiting. */
  turn(asked: TurnAsked): Promise<EndTurn> {
    return new Promise((resolve, reject) => {
      const { signal } = asked;
      if (asked.priority === 'idle') this.idlers.add(asked.client);
      if (signal?.aborted) {
        reject(abortOf(signal));
        return;
      }
      const onAbort = (): void => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        reject(abortOf(signal));
      };
      const waiting: Waiting = {
        ...asked,
        begin: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve(this.endTurn());
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.waiting.push(waiting);
      this.advance();
    });
  }

  /** Asks for a turn, does `work`, gives the turn back whatever happens. */
  async during<T>(asked: TurnAsked, work: () => Promise<T>): Promise<T> {
    const end = await this.turn(asked);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /**
   * Does work that needs no turn, such as opening a photo, or that takes many turns of its own one after another; no
   * idle turn begins meanwhile.
   */
  async besides<T>(work: () => Promise<T>): Promise<T> {
    this.beside += 1;
    try {
      return await work();
    } finally {
      this.beside -= 1;
      this.advance();
    }
  }

  /**
   * Does `work` in an idle turn of a client that has nothing else to do: it is forgotten with it, so that what nobody
   * asked for goes on afterwards.
   */
  async whenIdle(client: string, work: () => Promise<void>): Promise<void> {
    try {
      await this.during({ priority: 'idle', client }, work);
    } finally {
      this.forget(client);
    }
  }

  /** A client is gone: nothing is remembered of it. */
  forget(client: string): void {
    this.served.delete(client);
    if (this.idlers.delete(client)) this.advance();
  }

  private endTurn(): EndTurn {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.running -= 1;
      this.advance();
    };
  }

  private advance(): void {
    while (this.running < this.width.turns) {
      const viewsOnly = this.running >= this.width.turns - this.width.forViews;
      const next = this.takeNext(viewsOnly);
      if (!next) return;
      this.running += 1;
      this.turns += 1;
      this.served.set(next.client, this.turns);
      next.begin();
    }
  }

  /** The most urgent priority; in it the client served longest ago; of it the one that asked first. */
  private takeNext(viewsOnly: boolean): Waiting | undefined {
    let best: Waiting | undefined;
    for (const candidate of this.waiting) {
      if (viewsOnly && candidate.priority !== 'view') continue;
      if (candidate.priority === 'idle' && this.running + this.beside > 0) continue;
      if (candidate.priority === 'background' && this.idlers.size > 0) continue;
      if (!best || this.isBefore(candidate, best)) best = candidate;
    }
    if (best) this.waiting.splice(this.waiting.indexOf(best), 1);
    return best;
  }

  private isBefore(a: Waiting, b: Waiting): boolean {
    const urgency = PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority);
    if (urgency !== 0) return urgency < 0;
    return (this.served.get(a.client) ?? 0) < (this.served.get(b.client) ?? 0);
  }
}

const abortOf = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new DOMException('Stopped.', 'AbortError');
