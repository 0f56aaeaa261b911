/** A shared wait, left by whoever no longer wants it. */
export function unlessAborted<T>(wait: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return wait;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    wait.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
