import type { DisplaySpace, TileRect } from '../../../shared/contract';
import type { Rect, Size } from '../../../shared/geometry';
import { DifferenceDrawer } from './differenceDrawer';
import { buildProgram, type GlProgram } from './glProgram';
import { shortDeviceName } from './deviceName';
import type { DeviceListener } from './drawing';
import type { PaintedQuad, Painting, Paints, TilePicture } from './painting';
import { premultiply } from './premultiply';
import { FRAGMENT, SHADINGS, VERTEX } from './shaders';

const UNIFORMS = [
  'edges',
  'viewport',
  'opacity',
  'squarePixels',
  'squares',
  'shading',
  'dim',
  'warm',
  'hot',
] as const;

/** All that is made anew when the device comes back. */
interface Device {
  readonly tiles: GlProgram<(typeof UNIFORMS)[number]>;
  readonly difference: DifferenceDrawer;
}

/**
 * The one canvas of all panes and its one WebGL context, of which this file and `differenceDrawer` alone know:
 * tiles straight into the visible canvas, one texture each, so that no picture is ever larger than a texture
 * may be. Colours are shown in `space`, which is what the tiles are asked in. It draws in the page or in a worker,
 * whoever has the canvas.
 */
export class Drawer {
  readonly space: DisplaySpace;
  private device: Device | null;
  /** What was given and lives: none of it is left when the device comes back. */
  private readonly textures = new Map<TilePicture, WebGLTexture>();

  private constructor(
    private readonly canvas: HTMLCanvasElement | OffscreenCanvas,
    private readonly gl: WebGL2RenderingContext,
    space: DisplaySpace,
    listener: DeviceListener,
  ) {
    this.space = takeSpace(gl, space);
    this.device = prepare(gl);
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault(); // without this it would not come back
      listener.lost();
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.restore();
      listener.restored();
    });
  }

  /** null where the browser has no WebGL 2. */
  static on(
    canvas: HTMLCanvasElement | OffscreenCanvas,
    space: DisplaySpace,
    listener: DeviceListener,
  ): Drawer | null {
    // Both kinds of canvas have this overload, which a union of them does not.
    const { getContext } = canvas as Pick<HTMLCanvasElement, 'getContext'>;
    const gl = getContext.call(canvas, 'webgl2', {
      antialias: false,
      depth: false,
      premultipliedAlpha: true,
    }) as WebGL2RenderingContext | null;
    return gl && new Drawer(canvas, gl, space, listener);
  }

  /** What draws here, as the browser calls it; null: it does not tell. */
  get deviceName(): string | null {
    const told = this.gl.getExtension('WEBGL_debug_renderer_info');
    const name: unknown = told && this.gl.getParameter(told.UNMASKED_RENDERER_WEBGL);
    return typeof name === 'string' ? shortDeviceName(name) : null;
  }

  /** Takes straight RGBA of exactly the tile's size, and may change it. Nothing is kept while the device is lost. */
  upload(picture: TilePicture, rect: TileRect, pixels: Uint8Array, hasAlpha: boolean): void {
    const { gl } = this;
    if (gl.isContextLost()) return;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, rect.width, rect.height);
    gl.texSubImage2D(
      gl.TEXTURE_2D,
      0,
      0,
      0,
      rect.width,
      rect.height,
      gl.RGBA,
      gl.UNSIGNED_BYTE,
      hasAlpha ? premultiply(pixels) : pixels,
    );
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    this.textures.set(picture, texture);
  }

  free(picture: TilePicture): void {
    const texture = this.textures.get(picture);
    if (texture === undefined) return;
    this.textures.delete(picture);
    this.gl.deleteTexture(texture);
  }

  /**
   * Draws in the order given on a transparent ground: what lies around the photos is the page's own. A picture that the
   * device lost is passed over.
   */
  draw({ canvas, draws, paints }: Painting): void {
    const { gl, device } = this;
    if (!device || gl.isContextLost()) return;
    if (this.canvas.width !== canvas.width) this.canvas.width = canvas.width;
    if (this.canvas.height !== canvas.height) this.canvas.height = canvas.height;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    useTiles(gl, device.tiles, canvas, paints);
    for (const draw of draws) {
      if (draw.kind === 'difference') continue;
      clipTo(gl, draw.clip, canvas);
      this.drawQuads(device, draw.quads);
    }
    for (const draw of draws) {
      if (draw.kind === 'layer') continue;
      clipTo(gl, draw.clip, canvas);
      device.difference.draw(canvas, draw, (quads) => {
        useTiles(gl, device.tiles, canvas, paints);
        this.drawQuads(device, quads);
      });
    }
    if (!draws.some(({ kind }) => kind === 'difference')) device.difference.free();
  }

  private drawQuads({ tiles: { at } }: Device, quads: readonly PaintedQuad[]): void {
    const { gl } = this;
    for (const quad of quads) {
      const texture = this.textures.get(quad.picture);
      if (texture === undefined) continue;
      const sampling = quad.exact ? gl.NEAREST : gl.LINEAR;
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, sampling);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, sampling);
      gl.uniform4f(at.edges, quad.left, quad.top, quad.right, quad.bottom);
      gl.uniform1i(at.shading, SHADINGS[quad.shading]);
      gl.uniform1f(at.opacity, quad.opacity);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
  }

  private restore(): void {
    takeSpace(this.gl, this.space);
    this.textures.clear();
    this.device = prepare(this.gl);
  }

  /** Gives the graphics device back at once instead of waiting for the collector. */
  close(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

/** Sets the drawing buffer's colour space where the browser can; answers with the one in force. */
function takeSpace(gl: WebGL2RenderingContext, space: DisplaySpace): DisplaySpace {
  if (!('drawingBufferColorSpace' in gl)) return 'srgb';
  gl.drawingBufferColorSpace = space;
  return gl.drawingBufferColorSpace === 'display-p3' ? 'display-p3' : 'srgb';
}

/** Nothing outside is drawn; WebGL counts rows from below. */
function clipTo(gl: WebGL2RenderingContext, clip: Rect<'screen'>, canvas: Size): void {
  gl.scissor(clip.x, canvas.height - clip.y - clip.height, clip.width, clip.height);
}

function useTiles(gl: WebGL2RenderingContext, tiles: Device['tiles'], canvas: Size, paints: Paints): void {
  const { program, at } = tiles;
  gl.useProgram(program);
  gl.uniform2f(at.viewport, canvas.width, canvas.height);
  gl.uniform1f(at.squarePixels, paints.squarePixels);
  gl.uniform2f(at.squares, ...paints.greys);
  gl.uniform2f(at.dim, ...paints.dim);
  gl.uniform3f(at.warm, ...paints.warm);
  gl.uniform3f(at.hot, ...paints.hot);
}

/** Shaders, the unit square and blending; null while the device is lost. */
function prepare(gl: WebGL2RenderingContext): Device | null {
  const tiles = buildProgram(gl, VERTEX, FRAGMENT, UNIFORMS);
  const difference = DifferenceDrawer.on(gl);
  if (!tiles || !difference) return null;
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  return { tiles, difference };
}
