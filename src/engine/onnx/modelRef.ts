import type { ModelFile } from '../../shared/manifest';

/** A model file on disk and what its bytes must add up to. */
export interface ModelRef {
  /** The method it belongs to, for sentences. */
  readonly method: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
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
