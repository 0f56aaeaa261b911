/**
 * A child process: repeats the runs of a trace with nothing around them and sends the milliseconds they took.
 * Inputs are made before the clock starts; outputs are dropped.
 */
import './silenceRuntime.mjs';
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const { sessions, runs } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const made = await Promise.all(
  sessions.map(({ model, options }) => ort.InferenceSession.create(model, options)),
);

function tensor([dims, type]) {
  const length = dims.reduce((product, side) => product * side, 1);
  const data =
    type === 'uint8'
      ? new Uint8Array(length).map((_, i) => i % 251)
      : new Float32Array(length).map((_, i) => (i % 251) / 251);
  return new ort.Tensor(type, data, dims);
}

const inputs = new Map();
const inputsOf = (run) => {
  const key = JSON.stringify(run.shapes);
  if (!inputs.has(key)) {
    inputs.set(
      key,
      Object.fromEntries(Object.entries(run.shapes).map(([name, shape]) => [name, tensor(shape)])),
    );
  }
  return inputs.get(key);
};

const prepared = runs.map((run) => [made[run.session], inputsOf(run)]);
for (const [session, feeds] of prepared.slice(0, 3)) await session.run(feeds);
const start = performance.now();
for (const [session, feeds] of prepared) await session.run(feeds);
process.send({ milliseconds: performance.now() - start });
