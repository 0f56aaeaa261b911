/**
 * Runs in the page before anything of it: marks every frame for the trace, notes when the view's zoom and tiles
 * change, and counts the bytes of textures that live. It sees only what the page does: nothing of it helps.
 */
export function watchPage() {
  const changes = [];
  let frames = 0;
  let textureBytes = 0;
  let mostTextureBytes = 0;
  let arrivals = 0;
  let textures = 0;
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
      textures += 1;
      textureBytes += width * height * 4;
      mostTextureBytes = Math.max(mostTextureBytes, textureBytes);
      sizes.set(bound.get(this), width * height * 4);
      texStorage2D.call(this, target, levels, format, width, height);
    },
    deleteTexture(texture) {
      textures -= sizes.has(texture) ? 1 : 0;
      textureBytes -= sizes.get(texture) ?? 0;
      deleteTexture.call(this, texture);
    },
  });
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
    /** Tiles that have come since the page began. */
    arrivals: () => arrivals,
    /** Tiles that the view holds. */
    held: () => textures,
    textureBytes: () => textureBytes,
    /** The most of them since the last time, also between two frames. */
    mostTextureBytes: () => {
      const most = mostTextureBytes;
      mostTextureBytes = textureBytes;
      return most;
    },
    /** What was noted since the last time. */
    take: () => changes.splice(0),
  };
}
