import type { PhotoInfo } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import type { Photo } from './photo';

interface Held<P extends Photo> {
  readonly photo: P;
  readonly client: string;
  leases: number;
  closed: boolean;
}

/** A photo in use; `end` must be called when it is not any more. */
export interface Lease<P extends Photo> {
  readonly photo: P;
  readonly end: () => void;
}

/**
 * Open photos by id. A photo belongs to the client that opened it; one that is closed while a tile or a job
 * still reads it stays readable for these and goes with the last of them.
 */
export class OpenPhotos<P extends Photo> {
  private readonly held = new Map<string, Held<P>>();
  private nextId = 1;

  add(client: string, photo: P): PhotoInfo {
    const id = `photo-${this.nextId++}`;
    this.held.set(id, { photo, client, leases: 0, closed: false });
    return { ...photo.info, photo: id };
  }

  /** Throws `unknown-photo` where the client has no such photo open. */
  lease(client: string, id: string): Lease<P> {
    const held = this.find(client, id);
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

  async close(client: string, id: string): Promise<void> {
    const held = this.find(client, id);
    this.held.delete(id);
    held.closed = true;
    await this.closeUnused(held);
  }

  /** Closes everything that a client has open. */
  async closeAll(client: string): Promise<void> {
    const ids = [...this.held].filter(([, held]) => held.client === client).map(([id]) => id);
    await Promise.all(ids.map((id) => this.close(client, id)));
  }

  private async closeUnused(held: Held<P>): Promise<void> {
    if (held.closed && held.leases === 0) await held.photo.close();
  }

  private find(client: string, id: string): Held<P> {
    const held = this.held.get(id);
    if (held?.client === client) return held;
    const open = [...this.held].filter(([, other]) => other.client === client).map(([key]) => key);
    throw new FaultError(
      'unknown-photo',
      `Expected an open photo, received ${id}; open now: ${open.join(', ') || 'none'}. Open the photo again.`,
    );
  }
}
