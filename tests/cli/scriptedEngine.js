/**
 * An engine that does what the name of the photo says, for the moments that a real one cannot be asked for:
 * `slow` goes on until it is stopped, `deaf` computes without end and hears nothing, `poison` ends the
 * process, anything else is done at once.
 */
const events = (client, event) => process.send({ client, event });
const names = new Map();
const slow = new Map();
let last = 0;

let lastJob = 0;

/** Answers with the job's line, then ends it. */
function start({ kind, order }, client, answer) {
  const name = names.get(order.enlargement.photo);
  lastJob += 1;
  const line = { job: `job${lastJob}`, kind, title: name, mine: true, begunAt: 0, progress: null };
  answer({ ok: true, value: { ...line, state: 'running' } });
  const end = (how) => events(client, { event: 'job:ended', line: { ...line, ...how } });
  events(client, { event: 'notice', message: `begun ${name} in ${process.pid}` });
  const side = 10 * order.enlargement.scale;
  const result = { width: side, height: side, seconds: 0.1, device: 'cpu', notes: [] };
  if (name.includes('slow')) slow.set(line.job, end);
  else if (name.includes('deaf')) setTimeout(computeWithoutEnd, 50);
  else if (name.includes('poison')) process.stderr.write('segmentation of a fault\n', () => process.exit(7));
  else end({ state: 'done', result });
}

function computeWithoutEnd() {
  for (;;) Math.sqrt(last);
}

const calls = {
  'methods:list': () => [
    {
      id: 'enlarger',
      sum: '0123456789abcdef',
      name: 'FSRCNN',
      family: 'convolutional',
      origin: 'bundled',
      source: null,
      scales: [2, 3, 4],
      weights: 12640,
      licence: 'MIT',
      psnrY: { Set5: { x2: 37.012 } },
      paper: null,
      controls: [],
      goodAt: '',
      badAt: '',
      paces: {},
      device: null,
    },
  ],
  'photo:open': ({ name }) => {
    last += 1;
    const photo = `photo-${last}`;
    names.set(photo, name);
    const kept = { format: 'png', depth: 8, grey: false, alpha: false, profile: null, density: null };
    return { photo, name, width: 10, height: 10, ...kept, page: 1, pages: 1, embedded: false, notes: [] };
  },
};

process.on('message', ({ client, id, call, params }) => {
  const answer = (result) => process.send({ client, id, result });
  if (call === 'job:start') start(params, client, answer);
  else if (call === 'job:resume')
    answer({ ok: false, fault: { code: 'not-found', message: 'No such job.' } });
  else answer({ ok: true, value: calls[call]?.(params) ?? null });
  if (call === 'job:stop') {
    slow.get(params.job)?.({
      state: 'stopped',
      fault: { code: 'stopped', message: 'Stopped before it was finished.' },
    });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
