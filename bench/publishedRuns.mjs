/**
 * A child process: enlarges a photo by an encoder and a published decoder and sends the milliseconds that each
 * side of a square took, and the pixels. Sessions are opened and warmed up before the clock starts.
 */
import './silenceRuntime.mjs';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

/** One axis of docs/implicit.md's vectors, for all of its output pixels. */
function axisOf(photo, scale) {
  const length = Math.max(1, Math.round(photo * scale));
  return Array.from({ length }, (_, i) => {
    const y = (i + 0.5) / scale - 0.5;
    const cells = [Math.floor(y), Math.floor(y) + 1].map((cell) => Math.min(photo - 1, Math.max(0, cell)));
    const offsets = cells.map((cell) => 2 * (y - cell));
    const [before, after] = offsets.map(Math.abs);
    const weights = before + after === 0 ? [0.5, 0.5] : [after, before].map((w) => w / (before + after));
    return { cells, offsets, weights };
  });
}

function feedsOf(name, axis) {
  const column = (key, k) => axis.map((pixel) => pixel[key][k]);
  const tensor = (type, Values, key) =>
    new ort.Tensor(type, Values.from([...column(key, 0), ...column(key, 1)]), [2, axis.length]);
  return {
    [`${name}Index`]: tensor('int32', Int32Array, 'cells'),
    [`${name}Offset`]: tensor('float32', Float32Array, 'offsets'),
    [`${name}Weight`]: tensor('float32', Float32Array, 'weights'),
  };
}

process.once('message', async ({ photo, scale, sides, encoder, published }) => {
  const options = { executionProviders: ['cpu'], graphOptimizationLevel: 'all', enableMemPattern: false };
  const first = await ort.InferenceSession.create(encoder.path, options);
  const decoder = await ort.InferenceSession.create(published, options);
  const { data, info } = await sharp(photo).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const colours = new Float32Array(3 * width * height);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) colours[c * width * height + i] = data[3 * i + c] / 255;
  const input = new ort.Tensor('float32', colours, [1, 3, height, width]);
  const rows = axisOf(height, scale);
  const columns = axisOf(width, scale);
  const cell = new ort.Tensor('float32', Float32Array.of(2 / scale, 2 / scale), [2]);
  const pixels = new Float32Array(3 * rows.length * columns.length);

  const enlarge = async (side) => {
    const { output: features } = await first.run({ input });
    for (let y = 0; y < rows.length; y += side) {
      for (let x = 0; x < columns.length; x += side) {
        const [down, across] = [rows.slice(y, y + side), columns.slice(x, x + side)];
        const offered = { features, cell, ...feedsOf('row', down), ...feedsOf('column', across) };
        const feeds = Object.fromEntries(decoder.inputNames.map((name) => [name, offered[name]]));
        const { output } = await decoder.run(feeds);
        for (let c = 0; c < 3; c++) {
          for (let row = 0; row < down.length; row++) {
            const from = (c * down.length + row) * across.length;
            const at = (c * rows.length + y + row) * columns.length + x;
            pixels.set(output.data.subarray(from, from + across.length), at);
          }
        }
      }
    }
  };

  const milliseconds = [];
  for (const side of sides) {
    await enlarge(side);
    const start = performance.now();
    await enlarge(side);
    milliseconds.push(performance.now() - start);
  }
  process.send({ milliseconds, pixels }, () => process.exit(0));
});
