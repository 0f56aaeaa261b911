/**
 * Runs in the page before anything of it: marks every frame for the trace, and notes when the view's zoom and tiles
 * change. It sees only what the page does: nothing of it helps.
 */
export function watchPage() {
  const changes = [];
  let frames = 0;
  const view = () => document.querySelector('.view');
  const frame = () => {
    frames += 1;
    performance.mark(`enlarger-frame ${frames}`);
    performance.clearMarks();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const now = () => {
    const { zoom, settled, tilesDone, tilesTotal } = view().dataset;
    return {
      at: performance.now(),
      zoom: Number(zoom),
      isSettled: settled === 'true',
      done: Number(tilesDone),
      total: Number(tilesTotal),
    };
  };
  addEventListener('load', () =>
    new MutationObserver(() => view() && changes.push(now())).observe(document.body, {
      subtree: true,
      attributes: true,
      attributeFilter: ['data-zoom', 'data-settled', 'data-tiles-done', 'data-tiles-total'],
    }),
  );
  globalThis.enlargerBench = {
    /** The view rests, and every tile of it is final. */
    isSharp: () => {
      if (!view()) return false;
      const { isSettled, done, total } = now();
      return isSettled && total > 0 && done === total;
    },
    /** What was noted since the last time. */
    take: () => changes.splice(0),
  };
}
