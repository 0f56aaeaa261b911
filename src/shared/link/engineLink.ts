import * as v from 'valibot';
import {
  engineMessageSchema,
  type DoorMessage,
  type EngineCall,
  type EngineEvent,
  type EngineMessage,
  type ParamsInput,
  type Value,
} from '../contract';
import { faultOf, type Fault, type Result } from '../faults';
import type { EngineProcess } from './port';
import { PulseTaker } from './pulseTaker';

export type EngineChild = EngineProcess<DoorMessage, EngineMessage>;

interface Waiting {
  readonly client: string;
  readonly settle: (result: Result<unknown>) => void;
}

export interface EngineLinkOptions {
  /** Starts an engine process. */
  readonly spawn: () => EngineChild;
  /** Every event, with the client it is for. */
  readonly onEvent?: (client: string, event: EngineEvent) => void;
  /**
   * The engine died: photos and views of its clients are gone. `restarted` is false after three deaths
   * without an answer between them; then the next call tries once more.
   */
  readonly onLost?: (reason: string, restarted: boolean) => void;
  /** A call started an engine anew after `onLost` had said that none was started. */
  readonly onStartedLate?: () => void;
  /** How often the engine is asked whether it lives, and a factor on how long it may be silent. */
  readonly pulse?: { readonly everySeconds: number; readonly patience: number };
}

const PULSE = { everySeconds: 2, patience: 1 };

const lost = (reason: string): Fault => ({
  code: 'engine-lost',
  message: 'The engine stopped unexpectedly and was started again; please try once more.',
  detail: reason,
});

/**
 * A door's side of the engine: starts it, pairs answers with calls, starts it again when it dies.
 * Waiting calls then fail with `engine-lost`; nothing that was finished is lost. One that stands still as a whole
 * is ended, which is a death like any other.
 * Knows no transport: `spawn` brings one.
 */
export class EngineLink {
  private child: EngineChild | undefined;
  private pulse: PulseTaker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private closed = false;
  /** Deaths without a single answer between them: after three the engine is not started again unasked. */
  private deathsInARow = 0;
  /** `onLost` was told that no engine was started. */
  private isMissed = false;

  constructor(private readonly options: EngineLinkOptions) {}

  /** Starts the engine now, so that the first call finds it warm. */
  start(): void {
    if (this.closed || this.child) return;
    this.child = this.attach(this.options.spawn());
    if (!this.isMissed) return;
    this.isMissed = false;
    this.options.onStartedLate?.();
  }

  /** One call for one client; never rejects. */
  call<C extends EngineCall>(client: string, call: C, params: ParamsInput<C>): Promise<Result<Value<C>>> {
    return this.forward(client, call, params) as Promise<Result<Value<C>>>;
  }

  /** A call whose parameters the engine is left to check: what a door forwards for a page. */
  forward(client: string, call: string, params: unknown): Promise<Result<unknown>> {
    if (this.closed) {
      return Promise.resolve({ ok: false, fault: lost('the link was closed') });
    }
    try {
      this.start();
    } catch (error) {
      return Promise.resolve({ ok: false, fault: faultOf(error) });
    }
    const id = this.nextId++;
    this.pulse?.called();
    return new Promise((settle) => {
      this.waiting.set(id, { client, settle });
      this.child?.send({ client, id, call, params }).catch((error: unknown) => {
        this.answer(id, { ok: false, fault: lost(String(error)) });
      });
    });
  }

  /** Ends the engine; calls still waiting fail with `engine-lost`. Resolves when its process has ended. */
  close(): Promise<void> {
    this.closed = true;
    const { child } = this;
    this.child = undefined;
    this.failAll('the link was closed');
    if (child === undefined) return Promise.resolve();
    return new Promise((ended) => {
      child.onExit(() => ended());
      child.kill();
    });
  }

  private attach(child: EngineChild): EngineChild {
    const { everySeconds, patience } = this.options.pulse ?? PULSE;
    const ask = (): void => {
      child.send({ pulse: '?' }).catch(() => undefined); // its end is told by the transport
    };
    const pulse = new PulseTaker(everySeconds, ask, patience);
    let stoodStill = '';
    const ticking = setInterval(() => {
      const silent = pulse.tick();
      if (silent === undefined) return;
      clearInterval(ticking);
      stoodStill = `it gave no sign of life for ${Math.round(silent)} s and was ended\n`;
      child.end();
    }, everySeconds * 1000);
    (ticking as { unref?: () => void }).unref?.(); // a door that has nothing else to do may end
    this.pulse = pulse;
    child.onMessage((message) => this.receive(message, pulse));
    child.onExit((death) => {
      clearInterval(ticking);
      const reason = stoodStill + death;
      if (this.child !== child) return;
      this.child = undefined;
      this.failAll(reason);
      if (this.closed) return;
      this.deathsInARow += 1;
      const restarted = this.deathsInARow < 3 && this.startAgain();
      this.isMissed = !restarted;
      this.options.onLost?.(reason, restarted);
    });
    return child;
  }

  /** False where the engine cannot be started any more: its files are gone. */
  private startAgain(): boolean {
    try {
      this.start();
      return true;
    } catch {
      return false;
    }
  }

  private receive(data: unknown, pulse: PulseTaker): void {
    const message: EngineMessage = v.parse(engineMessageSchema, data);
    if ('ready' in message) {
      pulse.ready();
      return;
    }
    if ('pulse' in message) {
      pulse.felt(message.pulse);
      return;
    }
    if ('event' in message) {
      this.options.onEvent?.(message.client, message.event);
      return;
    }
    this.deathsInARow = 0;
    this.answer(message.id, message.result);
  }

  private answer(id: number, result: Result<unknown>): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.settle(result);
  }

  private failAll(reason: string): void {
    for (const id of [...this.waiting.keys()]) this.answer(id, { ok: false, fault: lost(reason) });
  }
}
