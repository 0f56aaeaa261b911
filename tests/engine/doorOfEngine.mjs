/**
 * A door that lets its engine enlarge a photo by a method: `node doorOfEngine.mjs ENGINE PHOTO METHOD OUTPUT`.
 * Says the engine's process id, then what came of it.
 */
import { fork } from 'node:child_process';

const [engine, photo, id, output] = process.argv.slice(2);
const child = fork(engine, [], {
  serialization: 'advanced',
  execArgv: [],
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
});
process.stdout.write(`${child.pid}\n`);
child.on('message', (message) => {
  if (message.id === 1) {
    const enlargement = { photo: message.result.value.photo, method: { id }, scale: 2, options: {} };
    const output_ = { path: output, overwrite: true };
    const order = { enlargement, encoding: { format: 'png' }, output: output_ };
    child.send({ client: 'door', id: 2, call: 'job:start', params: { kind: 'upscale', order } });
    process.stdout.write('begun\n');
  }
});
child.send({ client: 'door', id: 1, call: 'photo:open', params: { photo: 'photo-a', path: photo } });
