import type { Size } from '../../../shared/geometry';
import { buildProgram, type GlProgram } from './glProgram';
import type { PaintedDraw, PaintedQuad } from './painting';
import { DIFFERENCE_FRAGMENT, VERTEX } from './shaders';

const UNIFORMS = ['edges', 'viewport', 'first', 'second', 'gain', 'isSigned'] as const;

/** A picture of the canvas that is drawn aside. */
interface Target {
  readonly texture: WebGLTexture;
  readonly frame: WebGLFramebuffer;
}

/**
 * Draws how two layers differ: each with all its stand-ins into a picture aside, then the one less the other
 * into the canvas. The pictures aside are kept while the size stays.
 */
export class DifferenceDrawer {
  private targets: readonly [Target, Target] | null = null;
  private size: Size = { width: 0, height: 0 };

  private constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly built: GlProgram<(typeof UNIFORMS)[number]>,
  ) {}

  /** null while the graphics device is lost. */
  static on(gl: WebGL2RenderingContext): DifferenceDrawer | null {
    const built = buildProgram(gl, VERTEX, DIFFERENCE_FRAGMENT, UNIFORMS);
    return built && new DifferenceDrawer(gl, built);
  }

  /** The scissor is set by the caller; `drawQuads` draws tiles into what is bound. */
  draw(
    canvas: Size,
    { quads, gain, isSigned }: Extract<PaintedDraw, { kind: 'difference' }>,
    drawQuads: (quads: readonly PaintedQuad[]) => void,
  ): void {
    const { gl } = this;
    const targets = this.targetsOf(canvas);
    for (const [index, { frame }] of targets.entries()) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      drawQuads(quads[index as 0 | 1]);
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    const { program, at } = this.built;
    gl.useProgram(program);
    for (const [unit, { texture }] of targets.entries()) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    }
    gl.uniform1i(at.first, 0);
    gl.uniform1i(at.second, 1);
    gl.uniform1f(at.gain, gain);
    gl.uniform1i(at.isSigned, isSigned ? 1 : 0);
    gl.uniform2f(at.viewport, canvas.width, canvas.height);
    gl.uniform4f(at.edges, 0, 0, canvas.width, canvas.height);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.bindTexture(gl.TEXTURE_2D, null);
    gl.activeTexture(gl.TEXTURE0);
  }

  /** Gives the pictures aside back. */
  free(): void {
    for (const { texture, frame } of this.targets ?? []) {
      this.gl.deleteFramebuffer(frame);
      this.gl.deleteTexture(texture);
    }
    this.targets = null;
  }

  private targetsOf(size: Size): readonly [Target, Target] {
    if (this.targets && size.width === this.size.width && size.height === this.size.height) {
      return this.targets;
    }
    this.free();
    this.size = size;
    this.targets = [this.target(size), this.target(size)];
    return this.targets;
  }

  private target({ width, height }: Size): Target {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    const frame = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    return { texture, frame };
  }
}
