/** Runs where the view is drawn, before it is, in its worker or in the page: counts the textures that live. */
export function watchTextures() {
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
  globalThis.enlargerTextures = {
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
  };
}
