// An engine that says what it received; `crash` ends it.
process.on('message', ({ client, id, call, params }) => {
  if (call === 'crash') process.exit(3);
  process.send({ client, id, result: { ok: true, value: { call, params, argv: process.execArgv } } });
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
