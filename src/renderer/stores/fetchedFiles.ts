import { computed, shallowRef } from 'vue';
import type { EngineClient } from '../engine/engineClient';
import { fetchDownload } from '../engine/fetchDownload';

/** A finished file in the host's hands. */
export interface Finished {
  readonly job: string;
  readonly name: string;
  /** What the page that ordered it called the order. */
  readonly orderId?: string | undefined;
}

/** A browser that has not begun to fetch a file by then will not: it asks its user first, or was told not to. */
const PATIENCE_MS = 4000;

/**
 * Finished files on their way into the browser: one at a time, since a browser drops those of many that begin at once,
 * and each until the host has begun to send it. What does not come stays with the host and is offered.
 * @param settle is told of orders whose files are found finished: the ledger has none of them any more.
 */
export function fetchedFiles(
  engine: Pick<EngineClient, 'ask'>,
  settle: (orderIds: readonly string[]) => void = () => undefined,
) {
  const unsaved = shallowRef<readonly Finished[]>([]);
  /** Jobs whose files are being fetched, or wait for their turn. */
  const underWay = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  /** One did not come: the others are not tried until the user presses a button, which a browser may wait for. */
  let isRefused = false;

  const leave = (file: Finished): void => {
    unsaved.value = [...unsaved.value.filter(({ job }) => job !== file.job), file];
  };
  const strike = (job: string): void => {
    unsaved.value = unsaved.value.filter((one) => one.job !== job);
  };

  const came = (job: string): void => {
    isRefused = false;
    strike(job);
  };

  async function fetchNow({ job, name }: Finished): Promise<boolean> {
    const { download } = await engine.ask('door:collect', { job });
    const fetched = engine.ask('door:fetched', { job }).then(
      () => true,
      () => false,
    );
    fetchDownload(download, name);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
    const isFetched = await Promise.race([fetched, late]);
    clearTimeout(timer);
    // Allowed later, it comes after all.
    if (!isFetched) void fetched.then((isThere) => isThere && came(job));
    isRefused = !isFetched;
    return isFetched;
  }

  /** Whether the browser has begun to fetch it; throws the host's fault. `isPressed`: the user asked for it just now. */
  function fetch(file: Finished, isPressed = false): Promise<boolean> {
    strike(file.job);
    underWay.add(file.job);
    const mine = last.then(async () => {
      try {
        const isFetched = (isPressed || !isRefused) && (await fetchNow(file));
        if (!isFetched) leave(file);
        return isFetched;
      } finally {
        underWay.delete(file.job);
      }
    });
    last = mine.catch(() => undefined);
    return mine;
  }

  /** What the host has of this page's that was not fetched, as by a page before a reload, or from a killed host. */
  async function find(): Promise<void> {
    const finished = await engine.ask('door:finished', {}).catch(() => null);
    if (!finished) return;
    settle(finished.flatMap(({ orderId }) => orderId ?? []));
    unsaved.value = finished.filter(({ job }) => !underWay.has(job));
  }

  return { unsaved: computed(() => unsaved.value), fetch, find };
}
