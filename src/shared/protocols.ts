import * as v from 'valibot';

/**
 * How figures of two pictures are taken; named beside every figure. `y`, of the papers on Set5, Set14 and BSD100: luma
 * of pictures rounded to 8 bits, without a border as wide as the scale. `rgb`, of LIIF on DIV2K (Chen, Liu, Wang,
 * 2021): all colours, not rounded, without a border of the scale and six pixels more.
 */
export const PROTOCOLS = ['y', 'rgb'] as const;
export type Protocol = (typeof PROTOCOLS)[number];
export const protocolSchema = v.picklist(PROTOCOLS);

const RGB_EXTRA_BORDER = 6;

/** Pixels that a protocol leaves out on each side at a scale, which may be real: a whole number. */
export const protocolBorder = (protocol: Protocol, scale: number): number =>
  Math.ceil(scale) + (protocol === 'rgb' ? RGB_EXTRA_BORDER : 0);

/** A protocol in the words that stand beside its figures; `border` in pixels. */
export function protocolWords(protocol: Protocol, border: number): string {
  const cut =
    border === 0 ? 'no border cut' : `a border of ${border} ${border === 1 ? 'pixel' : 'pixels'} cut`;
  return protocol === 'y'
    ? `PSNR and SSIM of BT.601 luma (16 to 235) of 8-bit pictures, grey as grey, ${cut}`
    : `PSNR and SSIM of all colours, not rounded, ${cut}; luma of 8-bit pictures`;
}
