import type { ReceptiveField } from '../../shared/manifest';
import { testPictures } from '../importing/examine';
import { FIELD, fieldWithin, measureReach, type MeasuredReach } from '../importing/reach';
import { raster, type Raster } from '../kernels/raster';
import { modelInMemory } from '../onnx/modelRef';
import { onnxModel } from '../onnx/onnxModel';
import { openGraph } from '../runtime/openGraph';
import type { Graph } from '../runtime/runtime';
import type { SessionPool } from '../runtime/sessionPool';
import type { Turns } from './measure';
import type { SavedModel } from './trainee';

/** Features decide how far a method of any scale looks, and every scale has the same: compared at the cheapest. */
const ANY_SCALE_AT = 2;

/** What opens graphs, and when they may run. */
interface Place {
  readonly sessions: SessionPool;
  /** The project's sample, in colour. */
  readonly sample: Raster;
  readonly turns: Turns;
}

/**
 * A trained model with how far its new weights look beside how far its pixels are connected: measured as for imported
 * models. Networks that see the whole photo stay as they are.
 */
export function withReach(saved: SavedModel, channels: 1 | 3, place: Place): Promise<SavedModel> {
  return saved.parts.implicit ? withAnyScaleReach(saved, place) : withNetworkReach(saved, channels, place);
}

const enlarged =
  (
    { turns }: Place,
    run: (picture: Raster) => Promise<ReadonlyMap<string, { dims: readonly number[]; data: Float32Array }>>,
  ) =>
  async (picture: Raster): Promise<Raster> => {
    const end = await turns.turn();
    try {
      turns.signal.throwIfAborted();
      const [result] = (await run(picture)).values();
      return raster(result!.dims[3]!, result!.dims[2]!, picture.channels, result!.data);
    } finally {
      end();
    }
  };

/** The whole picture that tiles are held against has the usual pixels around the core, or as many as are connected. */
const fieldOf = ({ before, after }: ReceptiveField): number => Math.max(FIELD, before, after);

/** Of an imported model only what its old weights did is known, and these may look further. */
function measuredField({ before, after }: ReceptiveField, measured: MeasuredReach): ReceptiveField {
  const wide = (pixels: number): number => Math.max(pixels, measured.overlap);
  return { before: wide(before), after: wide(after), exact: true, measured };
}

async function withNetworkReach(saved: SavedModel, channels: 1 | 3, place: Place): Promise<SavedModel> {
  const [file] = saved.parts.files;
  const [content] = saved.files;
  if (!file || !content || !file.receptiveField.exact || file.means) return saved;
  const graph = await openGraph(place.sessions, modelInMemory(file.file, file.sha256, content.content));
  const enlarge = enlarged(place, ({ data, width, height }) =>
    graph.run({ input: { data, dims: [1, channels, height, width] } }),
  );
  try {
    const scale = saved.parts.kind === 'network' ? file.scale : 1;
    const pictures = testPictures(place.sample);
    const { largestInput: side = Infinity } = file;
    const field = Math.min(fieldOf(file.receptiveField), fieldWithin({ width: side, height: side }));
    const measured = await measureReach(() => enlarge, scale, channels, pictures, field);
    if (!measured) return saved;
    const receptiveField = measuredField(file.receptiveField, measured);
    return { ...saved, parts: { ...saved.parts, files: [{ ...file, receptiveField }] } };
  } finally {
    await graph.release();
  }
}

/** All graphs of the method as one, which is another for each size of a picture. */
async function withAnyScaleReach(saved: SavedModel, place: Place): Promise<SavedModel> {
  const { parts, whole } = saved;
  const { implicit } = parts;
  if (!implicit?.receptiveField.exact || !whole) return saved;
  const graphs = new Map<number, Promise<Graph>>();
  const graphOf = (side: number): Promise<Graph> => {
    const model = (): Uint8Array => onnxModel(whole.graphAt(ANY_SCALE_AT, 1, side));
    const found =
      graphs.get(side) ?? openGraph(place.sessions, modelInMemory('trained', `${side} pixels`, model()));
    graphs.set(side, found);
    return found;
  };
  const enlarge = enlarged(place, async ({ data, width }) => {
    const graph = await graphOf(width);
    return graph.run(whole.feeds(ANY_SCALE_AT, { data, dims: [1, 3, width, width] }));
  });
  try {
    const pictures = testPictures(place.sample);
    const measured = await measureReach(
      () => enlarge,
      ANY_SCALE_AT,
      3,
      pictures,
      fieldOf(implicit.receptiveField),
    );
    if (!measured) return saved;
    const receptiveField = measuredField(implicit.receptiveField, measured);
    return { ...saved, parts: { ...parts, implicit: { ...implicit, receptiveField } } };
  } finally {
    for (const graph of graphs.values()) await (await graph).release();
  }
}
