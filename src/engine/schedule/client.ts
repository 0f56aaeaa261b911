import type { EngineEvent } from '../../shared/contract';

/** Who asks: a window, a browser tab, the command line. */
export interface Client {
  readonly id: string;
  /** When it was first heard, by the clock of `performance.now()`. */
  readonly since: number;
  /** Sends an event to this client; resolves when the transport has taken it, and never rejects. */
  readonly emit: (event: EngineEvent) => Promise<void>;
  /** Aborted when the client has closed: what it opens after that has no owner. */
  readonly gone: AbortSignal;
}
