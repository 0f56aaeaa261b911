import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import { rect, wholeOf, type Rect } from '../../shared/geometry';
import { modelInMemory, type ModelRef } from '../onnx/modelRef';
import type { Graph } from '../runtime/runtime';
import type { Raster } from '../kernels/raster';
import { eightBit, innerRect } from '../kernels/metrics/samples';
import { distanceName, LAYER_STRIDES, lpipsModel } from './lpipsModel';
import { readNpz } from './npz';
import { pictureOf, type Picture } from './picture';

/** Below it AlexNet's second pool has nothing to take the largest of. */
const SMALLEST_SIDE = 31;
/** A multiple of the last layers' 16 pixels, so that every tile's maps lie on the whole picture's grid. */
const TILE_SIDE = 768;
/**
 * What the last layer sees before and behind the first pixel of its position's 16 (66 and 96), in whole
 * positions: a tile read with so much around it has in its core what the whole picture has there.
 */
const READ_BEFORE = 80;
const READ_BEHIND = 96;

/** Between two tiles a job can be stopped, and others have their turn. */
export interface Turns {
  readonly signal: AbortSignal;
  turn(): Promise<() => void>;
  /** Told after every tile. */
  readonly onTile?: (done: number, total: number) => void;
}

/** Both pictures' colours in [0, 1], rounded to 8 bits; a grey one thrice. */
function coloursOf(of: Raster): Float32Array {
  const part = wholeOf(of);
  const pixels = part.width * part.height;
  const colours = new Float32Array(3 * pixels);
  const { bytes } = eightBit(of, part, 3);
  for (let c = 0; c < 3; c++) {
    for (let i = 0, k = c; i < pixels; i++, k += 3) colours[c * pixels + i] = bytes[k]! / 255;
  }
  return colours;
}

/** A stretch of one axis: what is its own (`core`), and what is read for it. */
interface Stretch {
  readonly readFrom: number;
  readonly readTo: number;
  readonly coreFrom: number;
  /** Infinite for the last one. */
  readonly coreTo: number;
}

function stretches(length: number): Stretch[] {
  return Array.from({ length: Math.ceil(length / TILE_SIDE) }, (_, k) => {
    const coreFrom = k * TILE_SIDE;
    const end = coreFrom + TILE_SIDE;
    return {
      readFrom: Math.max(0, coreFrom - READ_BEFORE),
      readTo: Math.min(length, end + READ_BEHIND),
      coreFrom,
      coreTo: end < length ? end : Infinity,
    };
  });
}

/** Positions of a layer's map that are a stretch's own, counted from its first that was read. */
const positions = ({ readFrom, coreFrom, coreTo }: Stretch, stride: number, length: number) => ({
  from: (coreFrom - readFrom) / stride,
  to: Math.min(length, (coreTo - readFrom) / stride),
});

/** The sum of a layer's distances over a tile's own positions, and how many these are. */
function sumOf(
  { data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] },
  down: Stretch,
  across: Stretch,
  stride: number,
): { sum: number; count: number } {
  const [, , height = 0, width = 0] = dims;
  const rows = positions(down, stride, height);
  const columns = positions(across, stride, width);
  let sum = 0;
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = columns.from; x < columns.to; x++) sum += data[y * width + x]!;
  }
  return { sum, count: Math.max(0, rows.to - rows.from) * Math.max(0, columns.to - columns.from) };
}

/**
 * LPIPS v0.1 with AlexNet: the perceptual distance of two pictures, 0 for equal ones, lower is nearer.
 * Computed in tiles, exactly: memory does not grow with the picture.
 */
export class Lpips {
  constructor(private readonly graph: Graph) {}

  /**
   * Of two pictures of one size, rounded to 8 bits, without alpha, `border` pixels left out on each side
   * before the network sees them. Null where what is left is under 31 pixels a side.
   */
  distance(reference: Raster, result: Raster, border: number, turns: Turns): Promise<number | null> {
    return this.between(pictureOf(reference), pictureOf(result), border, turns);
  }

  /** The same of pictures that are read tile by tile. */
  async between(reference: Picture, result: Picture, border: number, turns: Turns): Promise<number | null> {
    const part = innerRect(reference, border);
    if (Math.min(part.width, part.height) < SMALLEST_SIDE) return null;
    const layers = LAYER_STRIDES.map(() => ({ sum: 0, count: 0 }));
    const [rows, columns] = [stretches(part.height), stretches(part.width)];
    let done = 0;
    for (const down of rows) {
      for (const across of columns) {
        const end = await turns.turn();
        try {
          turns.signal.throwIfAborted();
          await this.addTile(layers, [reference, result], part, down, across);
        } finally {
          end();
        }
        done += 1;
        turns.onTile?.(done, rows.length * columns.length);
      }
    }
    return layers.reduce((distance, { sum, count }) => distance + sum / count, 0);
  }

  release(): Promise<void> {
    return this.graph.release();
  }

  private async addTile(
    layers: { sum: number; count: number }[],
    [reference, result]: readonly [Picture, Picture],
    part: Rect,
    down: Stretch,
    across: Stretch,
  ): Promise<void> {
    const [width, height] = [across.readTo - across.readFrom, down.readTo - down.readFrom];
    const read = rect(part.x + across.readFrom, part.y + down.readFrom, width, height);
    const dims = [1, 3, height, width];
    const [a, b] = await Promise.all([reference.read(read), result.read(read)]);
    const maps = await this.graph.run({
      reference: { data: coloursOf(a), dims },
      result: { data: coloursOf(b), dims },
    });
    LAYER_STRIDES.forEach((stride, layer) => {
      const { sum, count } = sumOf(maps.get(distanceName(layer))!, down, across, stride);
      layers[layer]!.sum += sum;
      layers[layer]!.count += count;
    });
  }
}

/** The network of an LPIPS weight file; throws `bad-model` where that is not what it should be. */
export async function loadLpips(
  path: string,
  openGraph: (model: ModelRef) => Promise<Graph>,
): Promise<Lpips> {
  try {
    const model = lpipsModel(readNpz(await readFile(path)));
    return new Lpips(await openGraph(modelInMemory('LPIPS', basename(path), model)));
  } catch (error) {
    throw new FaultError(
      'bad-model',
      `Expected ${path} to hold the weights of LPIPS v0.1 with AlexNet (conv1 to conv5, lin0 to lin4), ` +
        `but ${error instanceof Error ? error.message : String(error)}; replace or remove the file.`,
      { file: basename(path) },
    );
  }
}
