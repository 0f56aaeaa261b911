import {
  openedDocumentSchema,
  pageCalls,
  pageDoorCalls,
  offeredModelSchema,
  pageMessageSchema,
  photoInfoSchema,
  readBy,
  resultSchema,
  type DoorEvent,
  type EngineEvent,
  type OfferedModel,
  type OpenedDocument,
  type PageCall,
  type PageCallMessage,
  type PageDoorCall,
  type PageDoorValue,
  type PageMessage,
  type ParamsInput,
  type PhotoInfo,
  type Value,
} from '../../shared/contract';
import type * as v from 'valibot';
import { errorOf, FaultError, valueOf, type Fault, type Result } from '../../shared/faults';

export type LinkState = 'connecting' | 'open' | 'lost';

/** What carries messages between this page and its door: a WebSocket, a MessagePort, a pair in tests. */
export interface Transport {
  post(message: PageCallMessage): void;
  /** Sends a file to the door; answers with a `Result<PhotoInfo>`, not yet read by its schema. */
  openFile(file: File, client: string): Promise<unknown>;
  /** Hands a model over to the door; answers with a `Result<OfferedModel>`, not yet read by its schema. */
  offerModel(file: File, client: string): Promise<unknown>;
  /** The door said who this page is (`door:describe`): what a later connection may come back as. */
  known?(client: string): void;
  listen(listener: { message(data: unknown): void; state(state: LinkState): void }): void;
  /** Tries once more at once, after a loss. */
  retry(): void;
}

type AnyEvent = EngineEvent | DoorEvent;
type EventName = AnyEvent['event'];
type EventOf<N extends EventName> = Extract<AnyEvent, { event: N }>;
/** What a door is asked with, before defaults are filled in. */
export type DoorParams<C extends PageDoorCall> = v.InferInput<(typeof pageDoorCalls)[C]['params']>;

interface Waiting {
  resolve(value: unknown): void;
  reject(fault: FaultError): void;
}

/** The page's one door to everything behind it: calls as promises, events as typed listeners. */
export class EngineClient {
  private nextId = 1;
  private currentState: LinkState = 'connecting';
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Map<string, Set<(event: never) => void>>();
  private readonly stateListeners = new Set<(state: LinkState) => void>();
  private readonly brokenListeners = new Set<(fault: Fault) => void>();
  private description: Promise<PageDoorValue<'door:describe'>> | null = null;

  constructor(private readonly transport: Transport) {
    transport.listen({
      message: (data) => this.receive(data),
      state: (state) => this.change(state),
    });
  }

  get state(): LinkState {
    return this.currentState;
  }

  /** Asks the engine; rejects with a FaultError. */
  async call<C extends PageCall>(call: C, params: ParamsInput<C>): Promise<Value<C>> {
    return readBy(pageCalls[call].value, await this.post(call, params), `answer of ${call}`);
  }

  /** Asks the door itself; rejects with a FaultError. */
  async ask<C extends PageDoorCall>(call: C, params: DoorParams<C>): Promise<PageDoorValue<C>> {
    const answer = await this.post(call, params);
    return readBy(pageDoorCalls[call].value, answer, `answer of ${call}`);
  }

  /** What kind of door this is; asked once a connection. */
  describe(): Promise<PageDoorValue<'door:describe'>> {
    if (this.description) return this.description;
    const asked = this.ask('door:describe', {});
    this.description = asked;
    asked.then(
      ({ client }) => this.transport.known?.(client),
      () => (this.description = null),
    );
    return asked;
  }

  /** Opens a dropped, pasted or chosen file; rejects with a FaultError that names it. */
  async openFile(file: File): Promise<PhotoInfo> {
    const { client } = await this.describe();
    const value = this.valueFor(file, await this.transport.openFile(file, client));
    return readBy(photoInfoSchema, value, `description of ${file.name}`);
  }

  /** Hands a dropped or chosen model over; rejects with a FaultError that names it. */
  async offerModel(file: File): Promise<OfferedModel> {
    const { client } = await this.describe();
    const value = this.valueFor(file, await this.transport.offerModel(file, client));
    return readBy(offeredModelSchema, value, `answer for ${file.name}`);
  }

  /** A document that was dropped or chosen, as the desktop reads it; rejects with a FaultError that names it. */
  async openDocumentFile(file: File): Promise<OpenedDocument> {
    const { client } = await this.describe();
    const value = this.valueFor(file, await this.transport.openFile(file, client));
    return readBy(openedDocumentSchema, value, `document ${file.name}`);
  }

  /** Listens to one kind of event; the function returned stops it. */
  on<N extends EventName>(name: N, listener: (event: EventOf<N>) => void): () => void {
    const set = this.listeners.get(name) ?? new Set<(event: never) => void>();
    this.listeners.set(name, set.add(listener));
    return () => set.delete(listener);
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** A message that is not of the contract: a page and a door of different versions. */
  onBroken(listener: (fault: Fault) => void): () => void {
    this.brokenListeners.add(listener);
    return () => this.brokenListeners.delete(listener);
  }

  retry(): void {
    this.transport.retry();
  }

  private valueFor(file: File, answer: unknown): unknown {
    const result = readBy(resultSchema, answer, `answer for ${file.name}`) as Result<unknown>;
    return valueOf(result);
  }

  private post(call: string, params: unknown): Promise<unknown> {
    if (this.currentState === 'lost') return Promise.reject(lostError());
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      this.transport.post({ id, call, params });
    });
  }

  private receive(data: unknown): void {
    const message = this.read(data);
    if (message === null) return;
    if ('event' in message) {
      this.listeners.get(message.event.event)?.forEach((listener) => listener(message.event as never));
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    const result = message.result as Result<unknown>;
    if (result.ok) waiting?.resolve(result.value);
    else waiting?.reject(errorOf(result.fault));
  }

  /** The message; null where it is not of the contract, which is told. */
  private read(data: unknown): PageMessage | null {
    try {
      return readBy<typeof pageMessageSchema>(pageMessageSchema, data, 'message from the door');
    } catch (thrown) {
      if (!(thrown instanceof FaultError)) throw thrown;
      for (const listener of this.brokenListeners) listener(thrown.fault);
      return null;
    }
  }

  private change(state: LinkState): void {
    this.currentState = state;
    if (state === 'lost') {
      this.description = null;
      const waiting = [...this.waiting.values()];
      this.waiting.clear();
      for (const one of waiting) one.reject(lostError());
    }
    for (const listener of this.stateListeners) listener(state);
  }
}

const lostError = (): FaultError =>
  new FaultError('engine-lost', 'The connection to Enlarger was lost; it is being tried again.');
