import * as v from 'valibot';
import { FaultError, faultSchema, type Result } from '../faults';
import { engineCalls, pageCalls, type EngineCall, type PageCall, type Params } from './calls';
import { engineEventSchema, type EngineEvent } from './events';

/**
 * The envelopes between a door and the engine. One port carries all of a door's clients (windows, browser
 * tabs, the command line itself), told apart by `client`; `id` pairs an answer with its call.
 */
export const callMessageSchema = v.object({
  client: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  call: v.string(),
  params: v.unknown(),
});
export type CallMessage = v.InferOutput<typeof callMessageSchema>;

/** A door asks whether the engine lives. It has no client: it is neither a call nor work. */
export const pulseMessageSchema = v.object({ pulse: v.literal('?') });
/** What a door sends to the engine. */
export type DoorMessage = CallMessage | v.InferOutput<typeof pulseMessageSchema>;

const seconds = v.pipe(v.number(), v.minValue(0));
/** That it lives, and for how long it may be silent from now on before something is wrong. */
export const pulseSchema = v.object({
  /** As it is now. */
  silentSeconds: seconds,
  /** After the next call, which may be work. */
  workingSeconds: seconds,
});
export type Pulse = v.InferOutput<typeof pulseSchema>;

/** A value or a fault, as it crosses a border. */
export const resultSchema = v.variant('ok', [
  v.object({ ok: v.literal(true), value: v.unknown() }),
  v.object({ ok: v.literal(false), fault: faultSchema }),
]);

export const engineMessageSchema = v.union([
  v.object({ ready: v.literal(true) }),
  v.object({ pulse: pulseSchema }),
  v.object({ client: v.string(), id: v.number(), result: resultSchema }),
  v.object({ client: v.string(), event: engineEventSchema }),
]);

export type AnswerMessage = { client: string; id: number; result: Result<unknown> };
export type EventMessage = { client: string; event: EngineEvent };
/** `ready` comes once, when the engine has loaded and can answer. */
export type EngineMessage = { ready: true } | { pulse: Pulse } | AnswerMessage | EventMessage;

function sentence(issues: readonly v.BaseIssue<unknown>[]): string {
  const first = issues[0];
  if (!first) return 'no details';
  const path = v.getDotPath(first) ?? 'the message';
  // What was received may be a megabyte; whose rule it was is known by its kind.
  const received = first.received.length > 80 ? `${first.received.slice(0, 80)}…` : first.received;
  const expected = first.type === 'check' ? first.message : (first.expected ?? 'something else');
  return `${path}: expected ${expected}, received ${received}`;
}

/** Reads `data` by `schema`, or throws the fault `bad-message` that says which field of `what` is wrong. */
export function readBy<S extends v.GenericSchema>(schema: S, data: unknown, what: string): v.InferOutput<S> {
  const parsed = v.safeParse(schema, data);
  if (parsed.success) return parsed.output;
  throw new FaultError('bad-message', `Expected a valid ${what}; ${sentence(parsed.issues)}.`);
}

export const isEngineCall = (name: string): name is EngineCall => Object.hasOwn(engineCalls, name);
export const isPageCall = (name: string): name is PageCall => Object.hasOwn(pageCalls, name);

/** The parameters of a call, checked and with defaults filled in; throws `bad-message`. */
export function readParams<C extends EngineCall>(call: C, params: unknown): Params<C> {
  return readBy(engineCalls[call].params, params, `call ${call}`);
}
