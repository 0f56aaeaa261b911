import { onnxModel } from './onnxModel';

/**
 * The smallest model there is (y = Identity(x), one float): opening it tells whether a device is there
 * without trusting any real model to it.
 */
export const identityModel = (): Uint8Array =>
  onnxModel({
    inputs: [{ name: 'x', dims: [1] }],
    outputs: [{ name: 'y', dims: [1] }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
