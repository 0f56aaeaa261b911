/**
 * A child process: repeats the runs of a trace with nothing around them and sends the milliseconds they took.
 * Inputs are made before the clock starts; outputs are dropped. `once`: without runs before the clock starts, where each
 * takes long.
 */
import './silenceRuntime.mjs';
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const { sessions, runs } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const created = await Promise.all(
  sessions.map(({ model, options }) => ort.InferenceSession.create(model, options)),
);

/** Indices are zeros: those that fit into anything. */
const FILLED = {
  uint8: (length) => new Uint8Array(length).map((_, i) => i % 251),
  float32: (length) => new Float32Array(length).map((_, i) => (i % 251) / 251),
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
};

function tensor([dims, type]) {
  return new ort.Tensor(type, FILLED[type](dims.reduce((product, side) => product * side, 1)), dims);
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

const prepared = runs.map((run) => [created[run.session], inputsOf(run)]);
const warmUps = process.argv[3] === 'once' ? 0 : 3;
for (const [session, feeds] of prepared.slice(0, warmUps)) await session.run(feeds);
const { user, system } = process.cpuUsage();
const start = performance.now();
for (const [session, feeds] of prepared) await session.run(feeds);
const milliseconds = performance.now() - start;
const spent = process.cpuUsage({ user, system });
process.send({ milliseconds, processorMilliseconds: (spent.user + spent.system) / 1000 });
