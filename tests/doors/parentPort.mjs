/** Gives a Node child process the port that Electron gives its utility processes. */
import { EventEmitter } from 'node:events';

const port = new EventEmitter();
port.postMessage = (message) => void process.send(message);
/** As there, what comes before anybody listens waits. */
const early = [];
process.on('message', (data) => {
  if (port.listenerCount('message') === 0) early.push({ data });
  else port.emit('message', { data });
});
port.on('newListener', (name, listener) => {
  if (name === 'message') for (const message of early.splice(0)) listener(message);
});
process.on('disconnect', () => process.exit(0)); // Electron ends a utility process with its parent
process.parentPort = port;
