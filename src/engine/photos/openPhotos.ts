import type { PhotoInfo } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import type { Photo } from './photo';

interface Held<P extends Photo> {
  readonly photo: P;
  readonly client: string;
  readonly token: string;
  leases: number;
  closed: boolean;
}

/** A photo in use; `end` must be called when it is not any more. */
export interface Lease<P extends Photo> {
  readonly photo: P;
  readonly end: () => void;
}

/**
 * Open photos by their tokens. A photo belongs to the client that opened it; one that is closed while a tile or a job
 * still reads it stays readable for these and goes with the last of them.
 */
export class OpenPhotos<P extends Photo> {
  private readonly held = new Map<string, Held<P>>();

  /**
   * The photo as the client has it under `token`. One that is open under it already stays, and `photo` is closed:
   * two calls may have opened the same.
   */
  async add(client: string, token: string, photo: P): Promise<PhotoInfo> {
    const known = this.infoOf(client, token);
    if (known) {
      await photo.close();
      return known;
    }
    this.held.set(keyOf(client, token), { photo, client, token, leases: 0, closed: false });
    return { ...photo.info, photo: token };
  }

  /** What is open under a token; undefined: nothing. */
  infoOf(client: string, token: string): PhotoInfo | undefined {
    const held = this.held.get(keyOf(client, token));
    return held && { ...held.photo.info, photo: token };
  }

  /** Throws `unknown-photo` where the client has no such photo open. */
  lease(client: string, token: string): Lease<P> {
    const held = this.find(client, token);
    held.leases += 1;
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      held.leases -= 1;
      void this.closeUnused(held);
    };
    return { photo: held.photo, end };
  }

  async close(client: string, token: string): Promise<void> {
    const held = this.find(client, token);
    this.held.delete(keyOf(client, token));
    held.closed = true;
    await this.closeUnused(held);
  }

  /** Closes everything that a client has open. */
  async closeAll(client: string): Promise<void> {
    await Promise.all(this.tokensOf(client).map((token) => this.close(client, token)));
  }

  private async closeUnused(held: Held<P>): Promise<void> {
    if (held.closed && held.leases === 0) await held.photo.close();
  }

  private tokensOf(client: string): string[] {
    return [...this.held.values()].filter((held) => held.client === client).map(({ token }) => token);
  }

  private find(client: string, token: string): Held<P> {
    const held = this.held.get(keyOf(client, token));
    if (held) return held;
    const open = this.tokensOf(client).join(', ') || 'none';
    throw new FaultError(
      'unknown-photo',
      `Expected an open photo, received ${token}; open now: ${open}. Open the photo again.`,
    );
  }
}

const keyOf = (client: string, token: string): string => `${client}\n${token}`;
