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

/** What `shading` says in the fragment shader. */
export const SHADINGS = { plain: 0, grey: 1, map: 2 } as const;

/**
 * A premultiplied tile over the checkerboard, opaque, so that a tile replaces what stood in for it instead of
 * thickening it; opacity is the fade-in alone. The colours are the drawing buffer's own, not converted.
 * A map of what was invented (its channels: `showsSchema`) becomes heat over the dimmed grey picture, by the
 * square root, so that a few steps of 8 bits show beside edges with many.
 */
export const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D tile;
uniform float opacity;
uniform float squarePixels;
uniform vec2 squares;
uniform int shading;
uniform vec2 dim;
uniform vec3 warm;
uniform vec3 hot;
in vec2 at;
out vec4 colour;
vec3 heated(vec4 texel) {
  bool map = shading == 2;
  float grey = map ? texel.r : dot(texel.rgb, vec3(0.299, 0.587, 0.114));
  float heat = map && texel.a > 0.0 ? sqrt(texel.g / texel.a) : 0.0;
  vec3 picture = vec3(texel.a * dim.x + grey * (dim.y - dim.x));
  vec3 low = mix(picture, warm * texel.a, smoothstep(0.0, 0.55, heat));
  return mix(low, hot * texel.a, smoothstep(0.45, 1.0, heat));
}
void main() {
  vec4 texel = texture(tile, at);
  vec3 shown = shading == 0 ? texel.rgb : heated(texel);
  vec2 square = floor(gl_FragCoord.xy / squarePixels);
  float ground = mod(square.x + square.y, 2.0) < 1.0 ? squares.x : squares.y;
  colour = vec4(shown + vec3(ground) * (1.0 - texel.a), 1.0) * opacity;
}`;

/** The second picture less the first, device pixel by device pixel; nothing where neither has anything. */
export const DIFFERENCE_FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D first;
uniform sampler2D second;
uniform float gain;
uniform bool isSigned;
out vec4 colour;
void main() {
  ivec2 place = ivec2(gl_FragCoord.xy);
  vec4 a = texelFetch(first, place, 0);
  vec4 b = texelFetch(second, place, 0);
  vec3 apart = gain * (b.rgb - a.rgb);
  vec3 shown = clamp(isSigned ? 0.5 + 0.5 * apart : abs(apart), 0.0, 1.0);
  float covered = min(a.a, b.a);
  colour = vec4(shown * covered, covered);
}`;
