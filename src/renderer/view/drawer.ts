import type { DisplaySpace, TileRect } from '../../shared/contract';
import type { Size } from '../../shared/geometry';
import type { Quad } from './drawPlan';
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
  ...(['edges', 'viewport', 'opacity', 'squarePixels', 'squares'] as const),
  ...(['shading', 'dim', 'warm', 'hot'] as const),
];
type Program = Readonly<Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>>;

/**
 * The only user of WebGL: tiles straight into the visible canvas, one texture each, so that no picture is
 * ever larger than a texture may be. Colours are shown in `space`, which is what the tiles were asked in.
 */
export class Drawer {
  readonly space: DisplaySpace;
  private readonly gl: WebGL2RenderingContext;
  private program: Program | null;
  /** Counts how often the device came back: pictures of an earlier life are gone by themselves. */
  private generation = 0;

  private constructor(
    private readonly canvas: HTMLCanvasElement,
    gl: WebGL2RenderingContext,
    space: DisplaySpace,
  ) {
    this.gl = gl;
    this.space = takeSpace(gl, space);
    this.program = prepare(gl);
  }

  /** null where the browser has no WebGL 2. */
  static on(canvas: HTMLCanvasElement, space: DisplaySpace): Drawer | null {
    const gl = canvas.getContext('webgl2', { antialias: false, depth: false, premultipliedAlpha: true });
    return gl ? new Drawer(canvas, gl, space) : null;
  }

  get lost(): boolean {
    return this.gl.isContextLost();
  }

  /** After the graphics device was lost and came back: every earlier picture is gone. */
  restore(): void {
    takeSpace(this.gl, this.space);
    this.generation += 1;
    this.program = prepare(this.gl);
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

  /** Draws in the order given on a transparent ground: what lies around the photo is the page's own. */
  draw(viewport: Size, quads: readonly Quad<TilePicture>[], paints: Paints): void {
    const { gl, program } = this;
    if (!program || gl.isContextLost()) return;
    if (this.canvas.width !== viewport.width) this.canvas.width = viewport.width;
    if (this.canvas.height !== viewport.height) this.canvas.height = viewport.height;
    gl.viewport(0, 0, viewport.width, viewport.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(program.viewport, viewport.width, viewport.height);
    gl.uniform1f(program.squarePixels, paints.squarePixels);
    gl.uniform2f(program.squares, ...paints.greys);
    gl.uniform2f(program.dim, ...paints.dim);
    gl.uniform3f(program.warm, ...paints.warm);
    gl.uniform3f(program.hot, ...paints.hot);
    for (const quad of quads) {
      const sampling = quad.exact ? gl.NEAREST : gl.LINEAR;
      gl.bindTexture(gl.TEXTURE_2D, quad.tile.picture.texture);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, sampling);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, sampling);
      gl.uniform4f(program.edges, quad.left, quad.top, quad.right, quad.bottom);
      gl.uniform1i(program.shading, SHADINGS[quad.shading]);
      gl.uniform1f(program.opacity, quad.opacity);
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

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader | null {
  const shader = gl.createShader(type);
  if (!shader) return null;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

/** Shaders, the unit square and blending; null while the device is lost. */
function prepare(gl: WebGL2RenderingContext): Program | null {
  const vertex = compile(gl, gl.VERTEX_SHADER, VERTEX);
  const fragment = compile(gl, gl.FRAGMENT_SHADER, FRAGMENT);
  if (!vertex || !fragment) return null;
  const program = gl.createProgram();
  gl.attachShader(program, vertex);
  gl.attachShader(program, fragment);
  gl.bindAttribLocation(program, 0, 'corner');
  gl.linkProgram(program);
  if (gl.isContextLost()) return null;
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(
      `the drawer's shaders do not link: ${gl.getProgramInfoLog(program) ?? 'no reason given'}`,
    );
  }
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const found = UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)] as const);
  return Object.fromEntries(found) as Program;
}
