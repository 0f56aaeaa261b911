import { beforeEach } from 'vitest';
import { FeatureCache } from '../../src/engine/methods/implicit/featureCache';
import type { Method } from '../../src/engine/methods/method';
import type { Catalogue } from '../../src/engine/methods/catalogue';
import { loadCatalogue } from '../../src/engine/methods/loadCatalogue';
import type { Network, Runtime } from '../../src/engine/runtime/runtime';
import type { Photo } from '../../src/engine/photos/photo';
import { pixelsInPlace } from '../../src/engine/pixels/pixels';
import { cutMirrored } from '../../src/engine/kernels/margin';
import { raster, type Raster } from '../../src/engine/kernels/raster';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { grow, outputSize, sourcePosition, wholeOf, type Rect } from '../../src/shared/geometry';
import { bilinearDecoder, convolution, writeImplicit } from '../fixtures/implicitModels';
import { ownFolder } from '../fixtures/ownFolder';
import { seeded } from '../unit/seeded';
import { runnersOn } from './methodSet';

/** Of 8 bits. */
export const STEP = 1 / 255;
/** No symmetry at all, so that every mistaken direction shows. */
export const KERNEL = [0.02, 0.07, -0.05, 0.11, 0.6, 0.04, -0.03, 0.13, 0.09];

/** Each test's own folder of models. */
export let resources: string;
beforeEach(async () => (resources = await ownFolder('implicit')));

/** Which files were run, on the real runtime, and the shapes of what they were given. */
export function counting(): Runtime & { readonly ran: string[]; readonly shapes: (readonly number[])[] } {
  const ran: string[] = [];
  const shapes: (readonly number[])[] = [];
  return {
    ran,
    shapes,
    version: onnxRuntime.version,
    devices: ['cpu'],
    probe: (device) => onnxRuntime.probe(device),
    async open(model, device) {
      const network = await onnxRuntime.open(model, device);
      const counted: Network = {
        inputs: network.inputs,
        outputs: network.outputs,
        run: (...given) => network.run(...given),
        release: () => network.release(),
        evaluate: (...given) => {
          ran.push(model.path.replace(/^.*[/-]/, ''));
          shapes.push((given[0].input ?? given[0].features)?.dims ?? []);
          return network.evaluate(...given);
        },
      };
      return counted;
    },
  };
}

/** A photo, and what was read of it. */
export function watched(photo: Photo): { photo: Photo; reads: Rect[] } {
  const reads: Rect[] = [];
  const read: Photo['read'] = (part, options) => {
    reads.push(part);
    return photo.read(part, options);
  };
  return { photo: { ...photo, read }, reads };
}

export interface Loaded {
  readonly catalogue: Catalogue;
  readonly features: FeatureCache;
  readonly notices: readonly string[];
}

export async function loaded(
  runtime: Runtime = onnxRuntime,
  features = new FeatureCache(),
  exact = false,
): Promise<Loaded> {
  const runners = await runnersOn(runtime);
  const catalogue = await loadCatalogue(
    { resources, userModels: undefined },
    { ...runners, pixels: pixelsInPlace, features, exact },
  );
  return { catalogue, features, notices: runners.notices };
}

export async function plainMethod(more: Parameters<typeof writeImplicit>[3] = {}): Promise<Method> {
  await writeImplicit(
    resources,
    'plain',
    { source: [convolution(KERNEL)], decoder: bilinearDecoder() },
    more,
  );
  return (await loaded()).catalogue.get('plain');
}

/** The convolution of the test models, by its definition. */
export function convolved(of: Raster, kernel: readonly number[] = KERNEL): Raster {
  const { width, height, channels } = of;
  const result = raster(width, height, channels);
  for (let c = 0, k = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, k++) {
        for (const [tap, weight] of kernel.entries()) {
          const [row, column] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          result.data[k]! += weight * of.data[(c * height + row) * width + column]!;
        }
      }
    }
  }
  return result;
}

/**
 * What a test model makes of a photo: the convolution of the photo mirrored beyond its border, and between its pixels
 * the bilinear.
 */
export function expected(of: Raster, scale: number, output: Rect<'output'>, kernel = KERNEL): Raster {
  const MARGIN = 3;
  const grown = grow(wholeOf(of), MARGIN);
  const seen = convolved(cutMirrored({ rect: wholeOf(of), pixels: of }, grown, of), kernel);
  const made = raster(output.width, output.height, of.channels);
  for (let c = 0, k = 0; c < of.channels; c++) {
    for (let i = 0; i < output.height; i++) {
      for (let j = 0; j < output.width; j++, k++) {
        const y = sourcePosition(output.y + i, scale) + MARGIN;
        const x = sourcePosition(output.x + j, scale) + MARGIN;
        const [row, column] = [Math.floor(y), Math.floor(x)];
        const at = (r: number, q: number): number => seen.data[(c * seen.height + r) * seen.width + q]!;
        const between = (r: number): number =>
          at(r, column) + (x - column) * (at(r, column + 1) - at(r, column));
        made.data[k] = between(row) + (y - row) * (between(row + 1) - between(row));
      }
    }
  }
  return made;
}

export const picture = (width: number, height: number, channels = 3): Raster =>
  seeded(width).picture(width, height, channels);

export const wholeAt = (of: Raster, scale: number): Rect<'output'> =>
  wholeOf<'output'>(outputSize(of, scale));
