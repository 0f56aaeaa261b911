/**
 * A graphics device by the name that it is sold under, from what a browser calls it, such as
 * `ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)`.
 */
export function shortDeviceName(told: string): string {
  // What draws without any device is known by this alone.
  if (told.includes('SwiftShader')) return 'SwiftShader';
  const [, inner] = /^ANGLE \((.+)\)$/.exec(told) ?? [];
  if (inner === undefined) return told.trim();
  const parts = inner.split(', ');
  const name = (parts[1] ?? parts[0]!).replace(/^ANGLE \w+ Renderer: /, '');
  return name.replace(/ (\(0x[\da-f]+\)|Direct3D\d+|OpenGL|\(.*driver).*$/i, '').trim();
}
