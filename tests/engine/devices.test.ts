import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Devices } from '../../src/engine/runtime/devices';
import { SessionPool } from '../../src/engine/runtime/sessionPool';
import { Store } from '../../src/engine/state/store';
import { FakeRuntime, correct, fakeModel, throwing, wrong, type Behaviour } from './fakeRuntime';

const shape = { channels: 1, factor: 2 };
const model = fakeModel();

/** The clock is real, so a slow device is one that does more. */
const slow: Behaviour = (input, output) => {
  for (let i = 0; i < 40; i++) correct(input, output);
  return correct(input, output);
};

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'enlarger-devices-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function devicesOf(runtime: FakeRuntime) {
  const store = new Store(folder);
  await store.load();
  const notices: string[] = [];
  const later: (() => Promise<void>)[] = [];
  const devices = new Devices({
    runtime,
    sessions: new SessionPool(runtime),
    store,
    notice: (sentence) => notices.push(sentence),
    later: (work) => later.push(work),
  });
  return { devices, store, notices, later };
}

describe('devices', () => {
  it('are used where they give the result of the CPU and are faster', async () => {
    const runtime = new FakeRuntime({ cpu: slow, webgpu: correct });
    const { devices, notices } = await devicesOf(runtime);
    expect(await devices.choose(model, shape, 'auto', true)).toBe('webgpu');
    expect(notices).toEqual([]);
  });

  it('are left alone where they are right but slower', async () => {
    const { devices } = await devicesOf(new FakeRuntime({ cpu: correct, webgpu: slow }));
    expect(await devices.choose(model, shape, 'auto', true)).toBe('cpu');
  });

  it('are dropped with a sentence where they give something else', async () => {
    const runtime = new FakeRuntime({ cpu: slow, webgpu: wrong });
    const { devices, notices } = await devicesOf(runtime);
    expect(await devices.choose(model, shape, 'auto', true)).toBe('cpu');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/WebGPU.*is not used for fake: it differs from the CPU by 25\.500 steps/);
    await expect(devices.choose(model, shape, 'webgpu', true)).rejects.toMatchObject({
      fault: { code: 'device-failed' },
    });
  });

  it('are dropped with a sentence where they throw', async () => {
    const runtime = new FakeRuntime({ cpu: correct, webgpu: throwing('no kernel for Sign') });
    const { devices, notices } = await devicesOf(runtime);
    expect(await devices.choose(model, shape, 'auto', true)).toBe('cpu');
    expect(notices).toEqual([
      'The graphics device (WebGPU) is not used for fake: it failed its self-check: no kernel for Sign.',
    ]);
  });

  it('keep their verdict for the next start', async () => {
    await (
      await devicesOf(new FakeRuntime({ cpu: slow, webgpu: wrong }))
    ).devices.choose(model, shape, 'auto', true);
    const runtime = new FakeRuntime({ cpu: slow, webgpu: wrong });
    const { devices, notices } = await devicesOf(runtime);
    expect(await devices.choose(model, shape, 'auto', true)).toBe('cpu');
    expect([runtime.ran, notices]).toEqual([[], []]);
  });

  it('are tried behind an impatient caller, who gets the CPU', async () => {
    const runtime = new FakeRuntime({ cpu: slow, webgpu: correct });
    const { devices, later } = await devicesOf(runtime);
    expect(await devices.choose(model, shape, 'auto', false)).toBe('cpu');
    await Promise.all(later.map((work) => work()));
    expect(await devices.choose(model, shape, 'auto', false)).toBe('webgpu');
  });

  it('that are not here are a fault when asked for by name, and silent otherwise', async () => {
    const runtime = new FakeRuntime({ cpu: correct, webgpu: correct });
    runtime.absent.add('webgpu');
    const { devices, notices } = await devicesOf(runtime);
    expect(await devices.choose(model, shape, 'auto', true)).toBe('cpu');
    expect(notices).toEqual([]);
    await expect(devices.choose(model, shape, 'webgpu', true)).rejects.toThrow(
      'Expected the device webgpu for fake, but it is not here (No supported adapters); here are: cpu.',
    );
    await expect(devices.choose(model, shape, 'cuda', true)).rejects.toThrow(
      /no code for it.*here are: cpu\./,
    );
  });

  it('that ended the process in their trial are held responsible at the next start', async () => {
    const runtime = new FakeRuntime({ cpu: slow, webgpu: correct });
    const before = await devicesOf(runtime);
    await before.store.update(
      (state) => (state.trying = { verdict: 'fake|fake|webgpu', process: process.pid }),
    );
    const { devices, notices } = await devicesOf(runtime);
    await devices.recover();
    expect(notices).toEqual([
      'The graphics device (WebGPU) ended the engine when it was tried; it is left alone for a day.',
    ]);
    expect(await devices.choose(model, shape, 'auto', true)).toBe('cpu');
  });

  it('are not blamed where another engine is still trying them, or the one that tried ended in order', async () => {
    const runtime = new FakeRuntime({ cpu: slow, webgpu: correct });
    const before = await devicesOf(runtime);
    await before.store.update(
      (state) => (state.trying = { verdict: 'fake|fake|webgpu', process: process.ppid }),
    );
    const beside = await devicesOf(runtime);
    await beside.devices.recover();
    expect(beside.store.state.trying).not.toBeNull();

    await before.store.update(
      (state) => (state.trying = { verdict: 'fake|fake|webgpu', process: process.pid }),
    );
    before.store.endTrial();
    const after = await devicesOf(runtime);
    await after.devices.recover();
    expect([beside.notices, after.notices]).toEqual([[], []]);
    expect(after.store.state).toMatchObject({ trying: null, verdicts: {} });
  });

  it('are tried again after a day, behind whoever uses what was right', async () => {
    const key = `${model.sha256}|fake|webgpu`;
    const DAY = 86_400_000;
    const agedBy = async (ok: boolean, age: number) => {
      const found = await devicesOf(new FakeRuntime({ cpu: slow, webgpu: correct }));
      await found.store.update((state) => {
        state.verdicts[key] = {
          ok,
          says: 'as it was',
          secondsPerMegapixel: ok ? 1e-9 : null,
          at: Date.now() - age,
        };
      });
      return found;
    };
    const refused = await agedBy(false, DAY / 2);
    expect(await refused.devices.choose(model, shape, 'auto', true)).toBe('cpu');
    const forgiven = await agedBy(false, DAY * 2);
    expect(await forgiven.devices.choose(model, shape, 'auto', true)).toBe('webgpu');
    const trusted = await agedBy(true, DAY * 2);
    expect(await trusted.devices.choose(model, shape, 'auto', false)).toBe('webgpu');
    expect(trusted.later).toHaveLength(1);
  });

  it('that fail in use are not chosen again', async () => {
    const { devices, notices } = await devicesOf(new FakeRuntime({ cpu: slow, webgpu: correct }));
    expect(await devices.choose(model, shape, 'auto', true)).toBe('webgpu');
    await devices.drop(model, 'webgpu', new Error('device lost'));
    expect(await devices.choose(model, shape, 'auto', true)).toBe('cpu');
    expect(notices[0]).toMatch(/failed while running: device lost/);
  });
});
