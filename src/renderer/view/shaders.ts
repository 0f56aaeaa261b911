/** Places a unit square on device pixels of the viewport. */
export const VERTEX = `#version 300 es
uniform vec4 edges;
uniform vec2 viewport;
in vec2 corner;
out vec2 at;
void main() {
  vec2 screen = mix(edges.xy, edges.zw, corner);
  vec2 clip = screen / viewport * 2.0 - 1.0;
  gl_Position = vec4(clip.x, -clip.y, 0.0, 1.0);
  at = corner;
}`;

/**
 * A premultiplied tile over the checkerboard, opaque, so that a tile replaces what stood in for it instead of
 * thickening it; opacity is the fade-in alone. The colours are the drawing buffer's own, not converted.
 */
export const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D tile;
uniform float opacity;
uniform float squarePixels;
uniform vec2 squares;
in vec2 at;
out vec4 colour;
void main() {
  vec4 texel = texture(tile, at);
  vec2 square = floor(gl_FragCoord.xy / squarePixels);
  float ground = mod(square.x + square.y, 2.0) < 1.0 ? squares.x : squares.y;
  colour = vec4(texel.rgb + vec3(ground) * (1.0 - texel.a), 1.0) * opacity;
}`;
