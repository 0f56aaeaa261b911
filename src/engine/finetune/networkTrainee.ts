import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../shared/faults';
import { LEARNED_SQUARE, runsAtSquare } from '../../shared/learnable';
import type { Manifest, ModelFile } from '../../shared/manifest';
import { trainedModel } from '../learning/trainedModel';
import { externalDataBeside } from '../onnx/externalData';
import type { OnnxGraph } from '../onnx/graph';
import { inFloat32 } from '../onnx/inFloat32';
import { sha256Of } from '../onnx/modelRef';
import { onnxModel } from '../onnx/onnxModel';
import { readModel } from '../onnx/readModel';
import { withoutAliases } from '../onnx/withoutAliases';
import { enlargedBatch } from './enlargedBatch';
import { pictureObjective, PATCHES } from './pictureObjective';
import type { Trainee } from './trainee';

/** A model file as it can be learned in: floats in single precision, one name for each weight. */
export async function readLearnable(path: string, name: string): Promise<OnnxGraph> {
  return withoutAliases(inFloat32(readModel(await readFile(path), name, externalDataBeside(path))));
}

const FILE = 'model.onnx';

/** A step's patches: one alone, as large as those that are measured, where the file was made for one picture of one size. */
function patchesOf({ id }: Manifest, file: ModelFile): Trainee['patches'] {
  const { largestInput } = file;
  if (largestInput === undefined) return PATCHES;
  if (runsAtSquare(file)) return { count: 1, side: LEARNED_SQUARE };
  throw new FaultError(
    'bad-model',
    `Expected a model that runs at ${LEARNED_SQUARE} x ${LEARNED_SQUARE} pixels, which trainings are measured on, but ${id} runs at ` +
      `${largestInput} at most; import it with a larger or a free size.`,
  );
}

/** The file that enlarges by a scale; throws where there is none. */
function fileAt({ id, files }: Manifest, scale: number): ModelFile {
  const found = files.find((file) => file.scale === scale) ?? files.find((file) => file.scale === 0);
  if (found) return found;
  const scales = files.map((file) => file.scale).join(', ');
  throw new FaultError(
    'bad-scale',
    `Expected a scale that ${id} has a network for (${scales}), received ${scale}; choose one of these.`,
  );
}

/** A network that enlarges by one scale, or refines the bicubic enlargement by it. */
export async function networkTrainee(manifest: Manifest, folder: string, scale: number): Promise<Trainee> {
  const file = fileAt(manifest, scale);
  const learned = await readLearnable(join(folder, file.file), file.file);
  const isPreUpsampled = manifest.kind === 'preUpsampled';
  const [input, output] = [learned.inputs[0]!.name, learned.outputs[0]!.name];
  const channels = manifest.channels === 'y' ? 1 : 3;
  const graphAt: Trainee['graphAt'] = (_, count, side) => {
    const size = isPreUpsampled ? side * scale : side;
    return {
      ...learned,
      inputs: [{ name: input, dims: [count, channels, size, size] }],
      outputs: [{ name: output, dims: [count, channels, side * scale, side * scale] }],
    };
  };
  return {
    manifest,
    channels,
    scales: [scale],
    patches: patchesOf(manifest, file),
    graphAt,
    objective: (loss) => pictureObjective(graphAt, loss),
    feeds: (_, pictures) => ({
      [input]: isPreUpsampled ? enlargedBatch(pictures, scale, 'bicubic') : pictures,
    }),
    save(parameters, flat) {
      const content = onnxModel(trainedModel(learned, parameters, flat));
      const { receptiveField, align, means, macsPerPixel, liveBytesPerPixel, largestInput } = file;
      const { before, after, exact } = receptiveField; // how far the old weights looked says nothing of the new
      const saved: ModelFile = {
        scale: file.scale,
        file: FILE,
        sha256: sha256Of(content),
        receptiveField: { before, after, exact },
        ...(align === undefined ? {} : { align }),
        ...(means ? { means } : {}),
        macsPerPixel,
        ...(liveBytesPerPixel === undefined ? {} : { liveBytesPerPixel }),
        ...(largestInput === undefined ? {} : { largestInput }),
      };
      return {
        files: [{ name: FILE, content }],
        parts: {
          kind: manifest.kind,
          files: [saved],
          implicit: undefined,
          controls: manifest.controls.filter(({ id }) => id !== 'strength'), // there is no second model to go towards
          scales: file.scale === 0 ? manifest.scales : [file.scale],
        },
      };
    },
  };
}
