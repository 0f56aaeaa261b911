import * as v from 'valibot';

/** The closed list of what can go wrong, as every room and every door knows it. */
export const FAULT_CODES = [
  'not-found',
  'not-a-file',
  'empty-file',
  'unreadable-image',
  'too-large',
  'unsupported-format',
  'unknown-photo',
  'photo-moved',
  'photo-changed',
  'photo-awaited',
  'bad-document',
  'newer-document',
  'unknown-method',
  'method-changed',
  'bad-scale',
  'bad-region',
  'bad-option',
  'bad-message',
  'bad-model',
  'size-mismatch',
  'output-exists',
  'output-unwritable',
  'format-limit',
  'disk-full',
  'device-failed',
  'engine-lost',
  'stopped',
  'internal',
] as const;

export type FaultCode = (typeof FAULT_CODES)[number];

/**
 * Why something could not be done, fit to be shown.
 * `message` is one sentence: what was expected, where, what was found, what to do.
 * `file` names the file concerned (its name, or the path as the user typed it).
 * `detail` is for the fold behind the sentence: the runtime's own words.
 */
export const faultSchema = v.object({
  code: v.picklist(FAULT_CODES),
  message: v.string(),
  file: v.optional(v.string()),
  detail: v.optional(v.string()),
});

export type Fault = v.InferOutput<typeof faultSchema>;

/** How results cross a border between processes: a value or a fault, never an exception. */
export type Result<T> = { ok: true; value: T } | { ok: false; fault: Fault };

/** The exception that carries a fault inside a room; turned into a `Result` at the border. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(code: FaultCode, message: string, more: { file?: string; detail?: string } = {}) {
    super(message);
    this.name = 'FaultError';
    this.fault = { code, message, ...more };
  }
}

/** A fault that crossed a border, as the exception that carries it on. */
export const errorOf = ({ code, message, file, detail }: Fault): FaultError =>
  new FaultError(code, message, {
    ...(file === undefined ? {} : { file }),
    ...(detail === undefined ? {} : { detail }),
  });

/** The value of a result that crossed a border; throws its fault as `errorOf` has it. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw errorOf(result.fault);
}

/** Any thrown thing as a fault: a `FaultError` keeps its own, an abort is `stopped`, all else is `internal`. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof FaultError) return thrown.fault;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return { code: 'stopped', message: 'Stopped before it was finished.' };
  }
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return {
    code: 'internal',
    message: 'Something went wrong inside Enlarger; the details say where. Please report them.',
    detail,
  };
}
