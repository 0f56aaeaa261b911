import * as v from 'valibot';
import {
  callMessageSchema,
  engineCalls,
  isEngineCall,
  pulseMessageSchema,
  readParams,
  type EngineCall,
  type EngineEvent,
  type EngineMessage,
  type Params,
  type Pulse,
  type Value,
} from '../../shared/contract';
import { errorOf, FaultError, faultOf, type Fault, type Result } from '../../shared/faults';
import type { Client } from '../schedule/client';
import type { Port } from '../../shared/link/port';

/** What the engine does for each call. */
export type Answers = {
  readonly [C in EngineCall]: (client: Client, params: Params<C>) => Promise<Value<C>>;
};

/** The answers of an engine that could not be built: the same fault to everything but a goodbye. */
export function refusing(fault: Fault): Answers {
  const refuse = (): Promise<never> => Promise.reject(errorOf(fault));
  const answers = Object.fromEntries(Object.keys(engineCalls).map((call) => [call, refuse]));
  return { ...answers, 'client:close': () => Promise.resolve(null) } as unknown as Answers;
}

export type EnginePort = Port<EngineMessage, unknown>;

/**
 * The engine's end of a connection: reads every message by its schema, has it answered, and answers with a
 * value or a fault. Knows no transport and no work.
 */
export class Server {
  private readonly clients = new Map<string, { client: Client; leave: () => void }>();
  private answers: Answers | undefined;
  /** Said before anybody was there to hear it. */
  private readonly early: EngineEvent[] = [];

  constructor(
    private readonly port: EnginePort,
    /** Marks work as under way, until the function that it gives is called. */
    private readonly beginWork: () => () => void = () => () => undefined,
    /** What a door is told that asks whether the engine lives. */
    private readonly pulse: () => Pulse = () => ({ silentSeconds: Infinity, workingSeconds: Infinity }),
  ) {}

  /** Begins to answer, and says so. */
  async serve(answers: Answers): Promise<void> {
    this.answers = answers;
    this.port.onMessage((message) => void this.receive(message));
    await this.port.send({ ready: true });
  }

  /** One sentence to everybody; to those who come later too, while nobody is there yet. */
  notice(message: string): void {
    const event: EngineEvent = { event: 'notice', message };
    if (this.clients.size === 0) this.early.push(event);
    this.tell(event);
  }

  /** An event for everybody who is there. */
  tell(event: EngineEvent): void {
    for (const { client } of this.clients.values()) void client.emit(event);
  }

  /** An event for everybody who is there, each its own. */
  tellEach(eventFor: (client: string) => EngineEvent): void {
    for (const [id, { client }] of this.clients) void client.emit(eventFor(id));
  }

  private async receive(message: unknown): Promise<void> {
    if (v.is(pulseMessageSchema, message)) return this.send({ pulse: this.pulse() });
    const read = v.safeParse(callMessageSchema, message);
    if (!read.success) {
      // Whose it was cannot be known, so there is nobody to answer.
      process.stderr.write('engine: dropped a message that is no call\n');
      return;
    }
    const { client: name, id, call, params } = read.output;
    const client = this.clientOf(name);
    if (call === 'client:close') {
      this.clients.get(name)?.leave();
      this.clients.delete(name);
    }
    const endWork = this.beginWork();
    const result = await this.answer(client, call, params);
    endWork();
    await this.send({ client: name, id, result });
  }

  private async answer(client: Client, call: string, params: unknown): Promise<Result<unknown>> {
    try {
      if (!isEngineCall(call))
        throw new FaultError('bad-message', `Expected a call of the contract, received ${call}.`);
      return { ok: true, value: await this.dispatch(client, call, params) };
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
  }

  private dispatch<C extends EngineCall>(client: Client, call: C, params: unknown): Promise<Value<C>> {
    return this.answers![call](client, readParams(call, params));
  }

  private clientOf(id: string): Client {
    const known = this.clients.get(id);
    if (known) return known.client;
    const leaving = new AbortController();
    const client: Client = {
      id,
      since: performance.now(),
      emit: (event) => this.send({ client: id, event }),
      gone: leaving.signal,
    };
    this.clients.set(id, { client, leave: () => leaving.abort() });
    for (const event of this.early.splice(0)) void client.emit(event);
    return client;
  }

  /** A message that the transport does not take has nobody left to read it: the door is going. */
  private async send(message: EngineMessage): Promise<void> {
    await this.port.send(message).catch(() => undefined);
  }
}
