import type { FaultCode } from '../shared/faults';

/** The statuses that scripts rely on. */
export const EXIT = { done: 0, failed: 1, wrongCall: 2, interrupted: 130 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** A call that cannot be meant: one sentence that names the option. Ends with status 2, before any work. */
export class WrongCall extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongCall';
  }
}

/** Faults that only a different call can mend: the engine found them before any work. */
const OF_THE_CALL: readonly FaultCode[] = ['unknown-method', 'bad-option'];

/** The status that a fault ends the whole command with. */
export function statusOf(code: FaultCode): ExitStatus {
  if (code === 'stopped') return EXIT.interrupted;
  return OF_THE_CALL.includes(code) ? EXIT.wrongCall : EXIT.failed;
}
