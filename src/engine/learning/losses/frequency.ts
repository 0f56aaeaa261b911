import type { GraphBuilder } from '../../onnx/graphBuilder';
import { l1 } from './l1';
import { meanOf, type Loss } from './loss';

const EPSILON = 1e-8; // keeps the root smooth where an amplitude is zero
const SHARE = 0.1;

/** Cosines or sines of the discrete Fourier transform of a length, orthonormal: [length, length], symmetric. */
function waves(g: GraphBuilder, length: number, of: (angle: number) => number): string {
  const values = new Float32Array(length * length);
  for (let k = 0; k < length; k++) {
    for (let x = 0; x < length; x++) {
      values[k * length + x] = of((2 * Math.PI * ((k * x) % length)) / length) / Math.sqrt(length);
    }
  }
  return g.floats([length, length], values);
}

/** Amplitudes of the two-dimensional Fourier transform of every channel, as two matrix products an axis. */
function amplitudes(g: GraphBuilder, picture: string, dims: readonly number[]): string {
  const [height, width] = [dims[2]!, dims[3]!];
  const along = (length: number): [string, string] => [
    waves(g, length, Math.cos),
    waves(g, length, (angle) => -Math.sin(angle)),
  ];
  const [[cosY, sinY], [cosX, sinX]] = [along(height), along(width)];
  const [real, imaginary] = [g.matMul(picture, cosX), g.matMul(picture, sinX)];
  const re = g.sub(g.matMul(cosY, real), g.matMul(sinY, imaginary));
  const im = g.add(g.matMul(cosY, imaginary), g.matMul(sinY, real));
  return g.op('Sqrt', [g.add(g.add(g.square(re), g.square(im)), g.scalar(EPSILON))]);
}

/** L1, and a tenth of the mean difference of the Fourier amplitudes: what is missing in detail counts more. */
export const frequency: Loss = (g, compared) => {
  const { output, target, dims } = compared;
  const apart = g.sub(amplitudes(g, output, dims), amplitudes(g, target, dims));
  const spectral = meanOf(g, g.op('Abs', [apart]), dims.length);
  return g.add(l1(g, compared), g.scaled(spectral, SHARE));
};
