import type { ModelRef } from '../onnx/modelRef';
import { blendWeights } from '../onnx/weightBlend';
import { expectFile, readChecked } from './checksums';

/**
 * What the runtime is given of a model: the path of a file that is what its manifest says, or bytes, where
 * the model was made in memory or lies between two files. Throws `bad-model` where a file is another one.
 */
export async function sourceOf(model: ModelRef): Promise<string | Uint8Array> {
  const { path, sha256, body, blended, content } = model;
  if (content) return content;
  if (blended) {
    const first = await readChecked(path, sha256);
    const second = await readChecked(blended.path, blended.sha256);
    return blendWeights(first, second, blended.ranges, blended.share, path);
  }
  await expectFile(path, sha256);
  if (body) await expectFile(body.path, body.sha256);
  return path;
}
