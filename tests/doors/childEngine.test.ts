import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { startChildEngine } from '../../src/childEngine/childEngine';
import { EngineLink } from '../../src/shared/link/engineLink';

const ECHO = fileURLToPath(new URL('./echoEngine.js', import.meta.url));
let link: EngineLink | undefined;
afterEach(async () => {
  await link?.close();
});

it('carries calls to a child process and back, bytes as bytes', async () => {
  link = new EngineLink({ spawn: () => startChildEngine({ path: ECHO }) });
  const bytes = new Uint8Array([0, 127, 255]);
  expect(await link.forward('tab', 'echo', { bytes })).toEqual({
    ok: true,
    value: { call: 'echo', params: { bytes }, argv: [] },
  });
});

it('fails what waits when the engine dies, says why, and starts it again', async () => {
  const losses: [string, boolean][] = [];
  const engine = new EngineLink({
    spawn: () => startChildEngine({ path: ECHO }),
    onLost: (reason, restarted) => losses.push([reason, restarted]),
  });
  link = engine;
  expect(await engine.forward('tab', 'crash', {})).toMatchObject({
    ok: false,
    fault: { code: 'engine-lost', detail: 'the engine process ended with code 3' },
  });
  expect(await engine.forward('tab', 'echo', {})).toMatchObject({ ok: true });
  for (let death = 0; death < 3; death += 1) await engine.forward('tab', 'crash', {});
  expect(losses.map(([, restarted]) => restarted)).toEqual([true, true, true, false]);
  expect(await engine.forward('tab', 'echo', {})).toMatchObject({ ok: true });
});

it('reports an engine that is not there', async () => {
  link = new EngineLink({ spawn: () => startChildEngine({ path: `${ECHO}.missing` }) });
  expect(await link.forward('tab', 'echo', {})).toMatchObject({ ok: false, fault: { code: 'engine-lost' } });
});
