/** The interpolation kernels, as functions of the distance in source pixels. */
export type KernelName = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos3';

export interface Kernel {
  /** Weight is zero at this distance and beyond, in source pixels at scales of 1 and more. */
  readonly radius: number;
  /** Widened by 1 / scale when reducing, against aliasing. */
  readonly widens: boolean;
  /** Weight (not normalised) at distance `x`, any real. */
  readonly weigh: (x: number) => number;
}

/** Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.5. */
function keys(x: number): number {
  const d = Math.abs(x);
  if (d >= 2) return 0;
  return d <= 1 ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2;
}

/** sinc(x) sinc(x / 3) for |x| < 3: Duchon, "Lanczos filtering in one and two dimensions", 1979. */
function lanczos3(x: number): number {
  const d = Math.abs(x);
  if (d >= 3) return 0;
  if (d < 1e-8) return 1;
  const angle = Math.PI * d;
  return (3 * Math.sin(angle) * Math.sin(angle / 3)) / (angle * angle);
}

export const KERNELS: Readonly<Record<KernelName, Kernel>> = {
  nearest: { radius: 0.5, widens: false, weigh: (x) => (x >= -0.5 && x < 0.5 ? 1 : 0) },
  bilinear: { radius: 1, widens: true, weigh: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { radius: 2, widens: true, weigh: keys },
  lanczos3: { radius: 3, widens: true, weigh: lanczos3 },
};

/** How far from its sample position, in source pixels, an output pixel of this kernel can look. */
export function resampleReach(kernel: KernelName, scale: number): number {
  const { radius, widens } = KERNELS[kernel];
  return widens && scale < 1 ? radius / scale : radius;
}
