import type { DisplaySpace, TileRect } from '../../shared/contract';
import type { Rect, Size } from '../../shared/geometry';
import type { Draw, Quad } from './drawPlan';
import { DifferenceDrawer } from './differenceDrawer';
import { buildProgram, type GlProgram } from './glProgram';
import { shortDeviceName } from './deviceName';
import { FRAGMENT, SHADINGS, VERTEX } from './shaders';

/** A tile on the graphics device, as long as the device has not been lost since. */
export interface TilePicture {
  readonly generation: number;
  readonly texture: WebGLTexture;
}

/** What the drawing takes from the theme; colours and greys are display-encoded, 0 to 1. */
export interface Paints {
  /** Side of a square of the checkerboard, device pixels, and its two greys. */
  readonly squarePixels: number;
  readonly greys: readonly [number, number];
  /** What black and white become under a map of what was invented, and its colours for some and for much. */
  readonly dim: readonly [number, number];
  readonly warm: readonly [number, number, number];
  readonly hot: readonly [number, number, number];
}

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
 * may be. Colours are shown in `space`, which is what the tiles are asked in.
 */
export class Drawer {
  readonly space: DisplaySpace;
  private readonly gl: WebGL2RenderingContext;
  private device: Device | null;
  /** Counts how often the device came back: pictures of an earlier life are gone by themselves. */
  private generation = 0;

  private constructor(
    private readonly canvas: HTMLCanvasElement,
    gl: WebGL2RenderingContext,
    space: DisplaySpace,
  ) {
    this.gl = gl;
    this.space = takeSpace(gl, space);
    this.device = prepare(gl);
  }

  /** null where the browser has no WebGL 2. */
  static on(canvas: HTMLCanvasElement, space: DisplaySpace): Drawer | null {
    const gl = canvas.getContext('webgl2', { antialias: false, depth: false, premultipliedAlpha: true });
    return gl ? new Drawer(canvas, gl, space) : null;
  }

  /** What draws here, as the browser calls it; null: it does not tell. */
  get deviceName(): string | null {
    const told = this.gl.getExtension('WEBGL_debug_renderer_info');
    const name: unknown = told && this.gl.getParameter(told.UNMASKED_RENDERER_WEBGL);
    return typeof name === 'string' ? shortDeviceName(name) : null;
  }

  get lost(): boolean {
    return this.gl.isContextLost();
  }

  /** After the graphics device was lost and came back: every earlier picture is gone. */
  restore(): void {
    takeSpace(this.gl, this.space);
    this.generation += 1;
    this.device = prepare(this.gl);
  }

  /** Uploads premultiplied RGBA of exactly the tile's size; null while the device is lost. */
  upload(rect: TileRect, premultiplied: Uint8Array): TilePicture | null {
    const { gl } = this;
    if (gl.isContextLost()) return null;
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
      premultiplied,
    );
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return { texture, generation: this.generation };
  }

  free(picture: TilePicture): void {
    if (picture.generation === this.generation) this.gl.deleteTexture(picture.texture);
  }

  /** Draws in the order given on a transparent ground: what lies around the photos is the page's own. */
  draw(canvas: Size, draws: readonly Draw<TilePicture>[], paints: Paints): void {
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

  private drawQuads({ tiles: { at } }: Device, quads: readonly Quad<TilePicture>[]): void {
    const { gl } = this;
    for (const quad of quads) {
      const sampling = quad.exact ? gl.NEAREST : gl.LINEAR;
      gl.bindTexture(gl.TEXTURE_2D, quad.tile.picture.texture);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, sampling);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, sampling);
      gl.uniform4f(at.edges, quad.left, quad.top, quad.right, quad.bottom);
      gl.uniform1i(at.shading, SHADINGS[quad.shading]);
      gl.uniform1f(at.opacity, quad.opacity);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
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
