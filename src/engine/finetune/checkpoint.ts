import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { FaultError } from '../../shared/faults';
import { validationSchema } from '../../shared/contract';

/**
 * Where a training stands, as one file that is written beside and moved over the last one: a death leaves the one
 * or the other whole. A line of JSON with the sum of what follows, then the vectors, float32 little-endian.
 */

const FILE = 'checkpoint';
const VECTORS = ['weights', 'firstMoment', 'secondMoment', 'average', 'best'] as const;

const guardSchema = v.object({ factor: v.number(), usual: v.nullable(v.number()), seen: v.number() });
const bodySchema = v.object({
  version: v.literal(1),
  /** Numbers of each vector. */
  length: v.number(),
  crc32: v.number(),
});
const stateSchema = v.object({
  step: v.number(),
  /** Of the optimiser, since its moments were zero. */
  count: v.number(),
  seconds: v.number(),
  /** Sum and number of the losses since the last validation. */
  losses: v.object({ sum: v.number(), count: v.number() }),
  guard: guardSchema,
  /** PSNR before training, on the photos kept aside and on the general set. */
  before: v.object({ kept: v.number(), general: v.nullable(v.number()) }),
  validations: v.array(validationSchema),
});

export type Checkpoint = v.InferOutput<typeof stateSchema> &
  Readonly<Record<(typeof VECTORS)[number], Float32Array>>;

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Writes a checkpoint; on disk when it resolves. Throws `disk-full` or `output-unwritable`, the last one then stays. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { weights, firstMoment, secondMoment, average, best, ...rest } = checkpoint;
  const body = Buffer.concat([weights, firstMoment, secondMoment, average, best].map(bytesOf));
  const head = JSON.stringify({ version: 1, length: weights.length, crc32: crc32(body), ...rest });
  const fresh = join(folder, `${FILE}.new`);
  try {
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(Buffer.concat([Buffer.from(`${head}\n`), body]));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(fresh, join(folder, FILE));
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new FaultError(
      isFull ? 'disk-full' : 'output-unwritable',
      `Expected to be able to keep in ${folder} what was learned so far, but ${isFull ? 'the disk is full' : 'could not'}; make room there.`,
      { file: folder, detail: String(error) },
    );
  }
}

/** The last whole checkpoint; undefined where there is none, or it is damaged or of another network. */
export async function readCheckpoint(folder: string, length: number): Promise<Checkpoint | undefined> {
  const bytes = await readFile(join(folder, FILE)).catch(() => undefined);
  const end = bytes?.indexOf(10) ?? -1;
  if (!bytes || end < 0) return undefined;
  const head = jsonOf(bytes.toString('utf8', 0, end));
  const [about, state] = [v.safeParse(bodySchema, head), v.safeParse(stateSchema, head)];
  const body = bytes.subarray(end + 1);
  if (!about.success || !state.success) return undefined;
  if (about.output.length !== length || about.output.crc32 !== crc32(body)) return undefined;
  if (body.length !== 4 * length * VECTORS.length) return undefined;
  const vector = (k: number): Float32Array =>
    new Float32Array(
      body.buffer.slice(body.byteOffset + 4 * length * k, body.byteOffset + 4 * length * (k + 1)),
    );
  return {
    ...state.output,
    weights: vector(0),
    firstMoment: vector(1),
    secondMoment: vector(2),
    average: vector(3),
    best: vector(4),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
