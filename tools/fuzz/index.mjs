/**
 * `npm run fuzz -- [--count 1000] [--seed 1]`: damaged files of every format, damaged metadata and models, and
 * calls of nonsense against the built engine. The same seed gives the same cases. Ends with 1 where one of them
 * crashed the engine, hung, left something half-written behind, or showed a stack trace.
 */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.mjs';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed) || seed < 0) {
  console.error('Expected whole numbers after --count (1 or more) and --seed (0 or more).');
  process.exit(2);
}
const found = await fuzz({
  ...{ count, seed },
  onCase: (done) => {
    if (done % 500 === 0) console.error(`${done} of ${count}`);
  },
});
for (const failure of found.failures) console.log(failure);
console.log(
  `${found.files} files, ${found.messages} calls, ${found.models} models (seed ${seed}): ` +
    `${found.done} done, the rest refused in a sentence, ${found.failures.length} failures in ${Math.round(found.seconds)} s`,
);
process.exit(found.failures.length === 0 ? 0 : 1);
