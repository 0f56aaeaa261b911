/**
 * The desktop's engine at work, without Electron: `node desktopRun.mjs ENGINE PHOTO OUTPUT` enlarges a photo
 * through an engine that finds the port of a utility process.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [engine, photo, output] = process.argv.slice(2);
const parentPort = fileURLToPath(new URL('./parentPort.mjs', import.meta.url));
const child = fork(engine, [], { serialization: 'advanced', execArgv: ['--import', parentPort] });

let last = 0;
const call = (name, params) =>
  new Promise((settle, fail) => {
    const id = ++last;
    child.once('exit', (code) => fail(new Error(`the engine ended with ${code}`)));
    child.on('message', (message) => {
      if (message.id !== id) return;
      if (message.result.ok) settle(message.result.value);
      else fail(new Error(message.result.fault.message));
    });
    child.send({ client: 'window', id, call: name, params });
  });

const opened = await call('photo:open', { photo: 'photo-a', path: photo });
await call('methods:list', {});
const ended = new Promise((done) => {
  child.on('message', ({ event }) => event?.event === 'job:ended' && done(event.line));
});
await call('job:start', {
  kind: 'upscale',
  order: {
    enlargement: { photo: opened.photo, method: { id: 'fsrcnn' }, scale: 2, options: {} },
    encoding: { format: 'png' },
    output: { path: output, overwrite: false },
  },
});
const { result: done, fault } = await ended;
if (fault) throw new Error(fault.message);
process.stdout.write(JSON.stringify(done));
await call('client:close', {});
child.removeAllListeners('exit');
child.disconnect();
