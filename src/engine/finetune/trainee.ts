import type { LossName } from '../../shared/contract';
import type { Manifest } from '../../shared/manifest';
import type { Loss } from '../learning/losses/loss';
import type { Parameter } from '../learning/parameters';
import type { OnnxGraph } from '../onnx/graph';
import type { Numbers } from '../onnx/staticGraphOf';
import type { Batch } from './batch';

/** A file of a model, as it will lie in the model's folder. */
export interface SavedFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What a method is made of after training; the rest of its manifest is what it was. */
export interface SavedModel {
  readonly files: readonly SavedFile[];
  readonly parts: Pick<Manifest, 'kind' | 'files' | 'implicit' | 'controls' | 'scales'>;
  /** Of a method of any scale: what it learned as one graph, and what that is given; its controls stand still. */
  readonly whole?: Pick<Trainee, 'graphAt' | 'feeds'>;
}

/** What is made of reduced pictures for the originals to be held against, and by which loss. */
export interface Objective {
  readonly loss: Loss;
  /** Its output is what the loss looks at; its weights are called as in the trainee's own `graphAt`. */
  graphAt(scale: number, count: number, side: number): OnnxGraph;
  /** The shape of `target` beside an output of a shape. */
  readonly targetDims: (output: readonly number[]) => readonly number[];
  /** What the output is held against. */
  targets(scale: number, batch: Batch): Numbers;
}

/** A method as something that learns: graphs from a reduced picture to the enlarged one, and the way back to files. */
export interface Trainee {
  readonly manifest: Manifest;
  /** As the network sees a picture: its luma, or its colours. */
  readonly channels: 1 | 3;
  /** Whole factors that it learns at; graphs of all of them share their weights. */
  readonly scales: readonly number[];
  /**
   * The graph for `count` pictures of `side` x `side` pixels, whose weights are called the same at every scale.
   * Its output is the enlargement, of `scale` times the side.
   */
  graphAt(scale: number, count: number, side: number): OnnxGraph;
  /** Patches of a step, and their sides in reduced pixels: few and small where an output pixel is dear. */
  readonly patches: { readonly count: number; readonly side: number };
  /** By a loss that is among `lossesOf` its manifest. */
  objective(loss: LossName): Objective;
  /** What the graph is given of reduced pictures [count, channels, side, side]. */
  feeds(scale: number, pictures: Numbers): Readonly<Record<string, Numbers>>;
  /** Parameters by the names that they have in `graphAt`, their numbers one after the other. */
  save(parameters: readonly Parameter[], flat: Float32Array): SavedModel;
}
