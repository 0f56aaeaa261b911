/**
 * Runs in the page before anything of it: marks every frame for the trace, notes when the view's zoom and tiles
 * change, and counts the bytes of textures that live. It sees only what the page does: nothing of it helps.
 */
export function watchPage() {
  const changes = [];
  let frames = 0;
  let textureBytes = 0;
  let arrivals = 0;
  const sizes = new WeakMap();
  const bound = new WeakMap();
  const { bindTexture, texStorage2D, deleteTexture } = WebGL2RenderingContext.prototype;
  Object.assign(WebGL2RenderingContext.prototype, {
    bindTexture(target, texture) {
      bound.set(this, texture);
      bindTexture.call(this, target, texture);
    },
    texStorage2D(target, levels, format, width, height) {
      arrivals += 1;
      textureBytes += width * height * 4;
      sizes.set(bound.get(this), width * height * 4);
      texStorage2D.call(this, target, levels, format, width, height);
    },
    deleteTexture(texture) {
      textureBytes -= sizes.get(texture) ?? 0;
      deleteTexture.call(this, texture);
    },
  });
  const frame = () => {
    frames += 1;
    performance.mark(`enlarger-frame ${frames}`);
    performance.clearMarks();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const view = () => document.querySelector('.view');
  const now = () => {
    const { zoom, tilesDone, tilesTotal } = view().dataset;
    return { at: performance.now(), zoom: Number(zoom), done: Number(tilesDone), total: Number(tilesTotal) };
  };
  addEventListener('load', () =>
    new MutationObserver(() => view() && changes.push(now())).observe(document.body, {
      subtree: true,
      attributes: true,
      attributeFilter: ['data-zoom', 'data-tiles-done', 'data-tiles-total'],
    }),
  );
  globalThis.enlargerBench = {
    isSharp: () => {
      const { done, total } = view() ? now() : { done: 0, total: 0 };
      return total > 0 && done === total;
    },
    /** Tiles that have come since the page began. */
    arrivals: () => arrivals,
    textureBytes: () => textureBytes,
    /** What was noted since the last time. */
    take: () => changes.splice(0),
  };
}
