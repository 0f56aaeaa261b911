import { expect, it } from 'vitest';
import { identityModel } from '../../src/engine/onnx/identityModel';
import { modelInMemory } from '../../src/engine/onnx/modelRef';
import { Devices } from '../../src/engine/runtime/devices';
import { onnxRuntime } from '../../src/engine/runtime/onnxRuntime';
import { openGraph } from '../../src/engine/runtime/openGraph';
import { SessionPool } from '../../src/engine/runtime/sessionPool';
import { Store } from '../../src/engine/state/store';
import { ownFolder } from '../fixtures/ownFolder';
import { FakeRuntime } from './fakeRuntime';

const model = modelInMemory('training', 'step', identityModel());

it('a graph made in memory runs in the session pool, and is loaded again after it was released', async () => {
  const sessions = new SessionPool(onnxRuntime);
  const graph = await openGraph(sessions, model);
  expect(sessions.loaded).toBe(1);
  await openGraph(sessions, modelInMemory('training', 'the same step', identityModel()));
  expect(sessions.loaded).toBe(1);
  sessions.releaseIdle();
  expect(sessions.loaded).toBe(0);
  await graph.release();
  expect(sessions.loaded).toBe(0);
});

it('a graph that the runtime refuses is refused when it is opened, and named', async () => {
  const broken = modelInMemory('training', 'broken step', new Uint8Array([1, 2, 3]));
  await expect(openGraph(new SessionPool(onnxRuntime), broken)).rejects.toThrow(
    /cpu to load broken step of training/,
  );
});

it('a device is tried with a model in memory as with a file', async () => {
  const runtime = new FakeRuntime();
  const sessions = new SessionPool(runtime);
  const store = new Store(await ownFolder('graphs'));
  const devices = new Devices({
    runtime,
    sessions,
    store,
    notice: () => undefined,
    later: () => undefined,
  });
  expect((await devices.check(model, { channels: 1, factor: 1 })).ok).toBe(true);
  expect(runtime.opened).toEqual(['training on cpu']);
});
