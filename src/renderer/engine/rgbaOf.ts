/** Pixels that came as base64: RGBA of 8 bits, row by row. */
export const rgbaOf = (base64: string): Uint8ClampedArray<ArrayBuffer> =>
  Uint8ClampedArray.from(atob(base64), (letter) => letter.charCodeAt(0));
