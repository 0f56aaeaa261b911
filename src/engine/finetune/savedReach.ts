import type { ModelFile } from '../../shared/manifest';
import { testPictures } from '../importing/examine';
import { measureReach } from '../importing/reach';
import { raster, type Raster } from '../kernels/raster';
import { modelInMemory } from '../onnx/modelRef';
import { openGraph } from '../runtime/openGraph';
import type { SessionPool } from '../runtime/sessionPool';
import type { Turns } from './measure';
import type { SavedModel } from './trainee';

/** The whole picture that tiles are held against has this many pixels around the core, or as many as are connected. */
const FIELD = 48;

/**
 * A network that was trained, with how far its new weights look beside how far its pixels are connected: measured as
 * for imported models. Methods of any scale, and networks that see the whole photo, stay as they are.
 * @param sample the project's sample, in colour.
 */
export async function withReach(
  saved: SavedModel,
  channels: 1 | 3,
  sessions: SessionPool,
  sample: Raster,
  turns: Turns,
): Promise<SavedModel> {
  const [file] = saved.parts.files;
  const [content] = saved.files;
  if (!file || !content || saved.parts.kind === 'implicit' || !file.receptiveField.exact) return saved;
  const graph = await openGraph(sessions, modelInMemory(file.file, file.sha256, content.content));
  const enlarge = async ({ data, width, height }: Raster): Promise<Raster> => {
    const end = await turns.turn();
    try {
      turns.signal.throwIfAborted();
      const [result] = (await graph.run({ input: { data, dims: [1, channels, height, width] } })).values();
      return raster(result!.dims[3]!, result!.dims[2]!, channels, result!.data);
    } finally {
      end();
    }
  };
  try {
    const { before, after } = file.receptiveField;
    const scale = saved.parts.kind === 'network' ? file.scale : 1;
    const field = Math.max(FIELD, before, after);
    const measured = await measureReach(enlarge, scale, channels, testPictures(sample), field);
    if (!measured) return saved;
    // Of an imported model only what its old weights did is known, and these may look further.
    const wide = (pixels: number): number => Math.max(pixels, measured.overlap);
    const receptiveField = { before: wide(before), after: wide(after), exact: true, measured };
    const measuredFile: ModelFile = { ...file, receptiveField };
    return { ...saved, parts: { ...saved.parts, files: [measuredFile] } };
  } finally {
    await graph.release();
  }
}
