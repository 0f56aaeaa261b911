import { createHash } from 'node:crypto';
import type { ModelFile } from '../../shared/manifest';

/** A model, on disk or in memory, and what its bytes must add up to. */
export interface ModelRef {
  /** The method it belongs to, for sentences. */
  readonly method: string;
  /** Where its file lies; of a model in memory its name, for sentences. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The model itself, where it was made in memory. */
  readonly content?: Uint8Array | undefined;
  /** The file beside it in which the runtime finds weights that it names (ONNX external data). */
  readonly body?: { readonly path: string; readonly sha256: string } | undefined;
  /** Weights between this file's and a second one's: this file's share is above 0 and below 1. */
  readonly blended?: {
    readonly path: string;
    readonly sha256: string;
    readonly ranges: NonNullable<ModelFile['blend']>['ranges'];
    readonly share: number;
  };
}

/** SHA-256 of a model's bytes, in hexadecimal: what manifests know files by. */
export const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** A model that was made in memory: known by its bytes, as files are, to the session pool and the devices. */
export const modelInMemory = (method: string, name: string, content: Uint8Array): ModelRef => ({
  method,
  path: name,
  sha256: sha256Of(content),
  bytes: content.length,
  content,
});
