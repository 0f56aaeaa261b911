import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { WrongCall } from './exitStatus';
import type { PhotoFile } from './photoFiles';

/** One part of a batch that several machines divide among themselves: the `part`-th, from 1, of `of`. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

const SHARDS_MAX = 100_000;

/** Reads `I/N`; throws `WrongCall`. */
export function readShard(text: string): Shard {
  const [, part, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (part !== undefined && of !== undefined && part >= 1 && part <= of && of <= SHARDS_MAX)
    return { part, of };
  throw new WrongCall(
    `Expected --shard to be I/N with I from 1 to N, such as 3/10 for the third of ten parts, received ${text || 'nothing'}.`,
  );
}

/**
 * Whether a photo belongs to the part. That follows from its place in the tree alone, so that every machine comes to
 * the same division, and photos that are added or removed move no others.
 */
export function isInShard({ path, folder }: PhotoFile, { part, of }: Shard): boolean {
  const place = [...folder.split(/[/\\]/), basename(path)].join('/').normalize('NFC');
  const number = createHash('sha256').update(place).digest().readUIntBE(0, 6);
  return number % of === part - 1;
}
