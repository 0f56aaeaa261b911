/**
 * How a colour space's numbers become light: a power, the curve of sRGB, or one of the two curves of high dynamic
 * range, which are relative to a reference white (ITU-R BT.2408: 203 cd/m2).
 */
export type Transfer =
  | { readonly kind: 'gamma'; readonly gamma: number }
  | { readonly kind: 'srgb' }
  | { readonly kind: 'pq' }
  | { readonly kind: 'hlg' };

/**
 * By the code points of Rec. ITU-T H.273, table 3. The camera curves of video (1, 6, 14, 15) are read as sRGB, as
 * browsers do: pictures that carry them were made on sRGB displays.
 */
export function transferOf(code: number): Transfer | undefined {
  switch (code) {
    case 1:
    case 2:
    case 6:
    case 13:
    case 14:
    case 15:
      return { kind: 'srgb' };
    case 4:
      return { kind: 'gamma', gamma: 2.2 };
    case 5:
      return { kind: 'gamma', gamma: 2.8 };
    case 8:
      return { kind: 'gamma', gamma: 1 };
    case 16:
      return { kind: 'pq' };
    case 18:
      return { kind: 'hlg' };
    default:
      return undefined;
  }
}

const REFERENCE_WHITE = 203;
/** Highlights up to here are told apart where high dynamic range is shown on a plain display. */
const PEAK = 1000;

/** Light of a PQ signal in cd/m2, for a signal in [0, 1]: SMPTE ST 2084, equation 4.1. */
export function pqLight(signal: number): number {
  const [m1, m2] = [2610 / 16384, (2523 / 4096) * 128];
  const [c1, c2, c3] = [3424 / 4096, (2413 / 4096) * 32, (2392 / 4096) * 32];
  const power = signal ** (1 / m2);
  return 10_000 * (Math.max(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1);
}

/** Light of a grey HLG signal in cd/m2 on a display of 1000 cd/m2: ITU-R BT.2100, table 5, gamma 1.2. */
export function hlgLight(signal: number): number {
  const a = 0.17883277;
  const b = 1 - 4 * a;
  const c = 0.5 - a * Math.log(4 * a);
  const scene = signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - c) / a) + b) / 12;
  return PEAK * scene ** 1.2;
}

/**
 * Light of a display without high dynamic range, in [0, 1], for light in cd/m2: Reinhard's curve with a white point
 * (Photographic Tone Reproduction for Digital Images, 2002, equation 4), so that the reference white comes to
 * a little over half and the peak to 1.
 */
export function toneMapped(light: number): number {
  const [x, white] = [light / REFERENCE_WHITE, PEAK / REFERENCE_WHITE];
  return Math.min(1, (x * (1 + x / white ** 2)) / (1 + x));
}
