import type { Client } from './client';

/** Calls of which each client has one at a time: a newer one stops the one before. */
export class NewestCalls {
  private readonly running = new Map<string, AbortController>();

  /** Does a client's work in the place of what it had; `signal`: a newer one came, it was stopped, the client is gone. */
  async during<T>(
    { id, gone }: Pick<Client, 'id' | 'gone'>,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    this.stop(id);
    const own = new AbortController();
    this.running.set(id, own);
    try {
      return await work(AbortSignal.any([own.signal, gone]));
    } finally {
      if (this.running.get(id) === own) this.running.delete(id);
    }
  }

  /** Stops what a client has. */
  stop(client: string): void {
    this.running.get(client)?.abort();
  }
}
