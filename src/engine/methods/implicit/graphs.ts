import type { Evaluate, GraphRef, Offered } from '../../runtime/graphRunner';
import type { Tensor } from '../../runtime/runtime';
import type { ControlId } from '../../../shared/enlargement';
import { raster, type Raster } from '../../kernels/raster';
import type { AxisPositions, Run } from '../../kernels/positions';
import { decoderAxis } from '../../kernels/positions';
import type { SeparableBasis } from '../../pixels/cells';

/** One of the graphs that turn a photo into features; `channels` is what it gives. */
export type SourceGraph = GraphRef & { readonly channels: number };

/** The graphs of docs/implicit.md, each called as it wants to be. */
export interface ImplicitGraphs {
  /** In their order. */
  readonly source: readonly SourceGraph[];
  readonly decoder: GraphRef;
  /** What gives the functions of a separable decoder. */
  readonly basis?: GraphRef & { readonly functions: number; readonly hasControls: boolean };
  readonly prior?: GraphRef & { readonly side: number; readonly noise: number };
}

/** What a source graph may ask for beside the maps of the one before it. */
export interface Beside {
  /** The part itself, RGB. */
  readonly photo: Raster;
  readonly prior: Float32Array | undefined;
}

/**
 * What graphs, one after the other, make of a part of a photo, of its size; exact but for what they see beyond its
 * sides.
 * @param made what graphs before these made of the part; the photo itself where there are none.
 */
export async function encode(
  source: readonly SourceGraph[],
  { photo, prior }: Beside,
  evaluate: Evaluate,
  made: Raster = photo,
): Promise<Raster> {
  const { width, height } = photo;
  let maps = made;
  for (const graph of source) {
    const next = raster(width, height, graph.channels);
    const offered = {
      input: { data: maps.data, dims: [1, maps.channels, height, width] },
      ...(prior && { prior: { data: prior, dims: [1, prior.length] } }),
      photo: { data: photo.data, dims: [1, photo.channels, height, width] },
    };
    await evaluate(graph, offered, {
      output: { data: next.data, dims: [1, graph.channels, height, width] },
    });
    maps = next;
  }
  return maps;
}

/** Controls that the decoder has as inputs, so that turning them costs no encoding. */
export const DECODER_CONTROLS = ['crispness', 'denoise', 'strength'] as const satisfies readonly ControlId[];
export type DecoderControl = (typeof DECODER_CONTROLS)[number];
export type Turned = { readonly [C in DecoderControl]?: number };

/** Output pixels as a product of a run of rows and one of columns. */
export interface Lattice {
  readonly rows: AxisPositions;
  readonly columns: AxisPositions;
  /** Sizes of an output pixel along rows and columns, a source pixel spanning 2. */
  readonly cell: readonly [number, number];
  /** Where the method's decoder controls stand. */
  readonly turned: Turned;
}

/** Features of a part of a photo, whose first pixel lies at `x`, `y` of it. */
export interface FeaturePart {
  readonly x: number;
  readonly y: number;
  readonly features: Raster;
}

/** Each control as an input of a graph. */
const controlInputs = (turned: Turned): Offered =>
  Object.fromEntries(
    Object.entries(turned).map(([id, value]) => [id, { data: Float32Array.of(value), dims: [1] }]),
  );

/** The pixels at a run of rows and one of columns, [1, 3, rows, columns], written into `into`. */
export async function decode(
  { decoder }: ImplicitGraphs,
  { x, y, features }: FeaturePart,
  { rows, columns, cell, turned }: Lattice,
  [rowRun, columnRun]: readonly [Run, Run],
  into: Float32Array,
  evaluate: Evaluate,
): Promise<void> {
  const down = decoderAxis(rows, rowRun, y);
  const across = decoderAxis(columns, columnRun, x);
  const [rowDims, columnDims] = [
    [2, rowRun.count],
    [2, columnRun.count],
  ];
  const offered = {
    features: { data: features.data, dims: [1, features.channels, features.height, features.width] },
    rowIndex: { data: down.index, dims: rowDims },
    rowOffset: { data: down.offset, dims: rowDims },
    rowWeight: { data: down.weight, dims: rowDims },
    columnIndex: { data: across.index, dims: columnDims },
    columnOffset: { data: across.offset, dims: columnDims },
    columnWeight: { data: across.weight, dims: columnDims },
    cell: { data: Float32Array.from(cell), dims: [2] },
    ...controlInputs(turned),
  };
  await evaluate(decoder, offered, {
    output: { data: into, dims: [1, 3, rowRun.count, columnRun.count] },
  });
}

/** The functions of a separable decoder at all rows and columns of a lattice, as its controls stand. */
export async function basisOf(
  graph: NonNullable<ImplicitGraphs['basis']>,
  { rows, columns, cell, turned }: Lattice,
  evaluate: Evaluate,
): Promise<SeparableBasis> {
  const { functions, hasControls } = graph;
  const offered = {
    rowOffset: { data: rows.offsets, dims: [2, rows.length] },
    rowWeight: { data: rows.weights, dims: [2, rows.length] },
    columnOffset: { data: columns.offsets, dims: [2, columns.length] },
    columnWeight: { data: columns.weights, dims: [2, columns.length] },
    cell: { data: Float32Array.from(cell), dims: [2] },
    ...(hasControls && controlInputs(turned)),
  };
  // Arrays of their own, which can go to a worker.
  const own = (...dims: number[]): Tensor => ({
    data: new Float32Array(dims.reduce((product, length) => product * length, 1)),
    dims,
  });
  const wanted = {
    rows: own(2, rows.length, functions),
    columns: own(2, columns.length, functions),
    gains: own(1, 3 * functions ** 2),
    ...(hasControls && { sets: null }),
  };
  const found = await evaluate(graph, offered, wanted);
  const values = (name: string): Float32Array => found.get(name)!.data;
  return {
    functions,
    rows: values('rows'),
    columns: values('columns'),
    gains: values('gains'),
    sets: hasControls ? [...values('sets')] : [1],
  };
}
