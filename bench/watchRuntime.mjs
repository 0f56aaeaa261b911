/**
 * What modules share that are loaded into the engine by `--import` and watch its runtime: `hear` is given every
 * session that is made, with what it was made of, and what `take` gives is written to ENLARGER_BENCH_TRACE at every
 * SIGUSR2, whole or not at all.
 */
import './silenceRuntime.mjs';
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { InferenceSession } = createRequire(import.meta.url)('onnxruntime-node');

export const TRACE = process.env.ENLARGER_BENCH_TRACE;

export function watchRuntime(hear, take) {
  const create = InferenceSession.create.bind(InferenceSession);
  InferenceSession.create = async (...given) => {
    const session = await create(...given);
    hear(session, ...given);
    return session;
  };
  process.on('SIGUSR2', () => {
    writeFileSync(`${TRACE}.part`, JSON.stringify(take()));
    renameSync(`${TRACE}.part`, TRACE);
  });
}
