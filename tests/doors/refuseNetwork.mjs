/**
 * Imported before a program under test (NODE_OPTIONS): notes in the file ENLARGER_TEST_CALLS every attempt of
 * its JavaScript to reach another machine, and refuses it. What native code does, strace sees.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

const HERE = new Set([undefined, 'localhost', '127.0.0.1', '::1']);

function refuse(what) {
  appendFileSync(process.env.ENLARGER_TEST_CALLS, `${what}\n`);
  throw new Error(`this test allows no connection to another machine: ${what}`);
}

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...given) {
  const [first] = Array.isArray(given[0]) ? given[0] : given;
  const host = typeof first === 'object' ? first.host : typeof given[1] === 'string' ? given[1] : undefined;
  const isLocal = typeof first === 'string' || first?.path !== undefined || HERE.has(host);
  if (!isLocal) refuse(`connect ${host}`);
  return connect.apply(this, given);
};
const { lookup } = dns;
dns.lookup = (name, ...rest) => (HERE.has(name) ? lookup(name, ...rest) : refuse(`look up ${name}`));
dgram.createSocket = () => refuse('a datagram socket');
