import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configFolder } from '../../src/engine/state/configFolder';
import { Store } from '../../src/engine/state/store';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'enlarger-store-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the store', () => {
  it('remembers between starts and leaves nothing beside its file', async () => {
    const store = new Store(folder);
    await store.load();
    await store.update((state) => (state.paces['espcn|2'] = [{ seconds: 0.02, cores: 2 }]));
    const next = new Store(folder);
    expect((await next.load()).paces).toEqual({ 'espcn|2': [{ seconds: 0.02, cores: 2 }] });
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('begins with defaults at the first start and after damage', async () => {
    const store = new Store(folder);
    const fresh = await store.load();
    await writeFile(join(folder, 'state.json'), '{"settings": {"theme": "dark"');
    expect(await store.load()).toEqual(fresh);
    expect(fresh.settings.method).toBe('enlarger-fast');
  });

  it('loses only the damaged part', async () => {
    const state = {
      settings: { theme: 'purple' },
      paces: { 'edsr|4': [{ seconds: 1.5, cores: 2 }] },
      verdicts: 7,
    };
    await writeFile(join(folder, 'state.json'), JSON.stringify(state));
    const read = await new Store(folder).load();
    expect(read.settings.theme).toBe('system');
    expect(read.paces).toEqual({ 'edsr|4': [{ seconds: 1.5, cores: 2 }] });
    expect(read.verdicts).toEqual({});
  });

  it('does not undo what another engine wrote meanwhile', async () => {
    const [one, other] = [new Store(folder), new Store(folder)];
    await Promise.all([one.load(), other.load()]);
    await one.update((state) => (state.paces['a'] = []));
    await other.update((state) => (state.paces['b'] = []));
    expect(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'))).toMatchObject({
      paces: { a: [], b: [] },
    });
  });

  it('names its folder where that cannot be written, and goes on in memory', async () => {
    await writeFile(join(folder, 'file'), '');
    const store = new Store(join(folder, 'file', 'below'));
    await store.load();
    await expect(store.update((state) => (state.paces['a'] = []))).rejects.toMatchObject({
      fault: { code: 'output-unwritable' },
    });
    expect(store.state.paces).toEqual({ a: [] });
  });
});

describe('the configuration folder', () => {
  it('is the one that each system gives, or the one that is set', () => {
    expect(configFolder({ ENLARGER_HOME: '/x' }, 'linux')).toBe('/x');
    expect(configFolder({ XDG_CONFIG_HOME: '/cfg' }, 'linux')).toBe('/cfg/enlarger');
    expect(configFolder({ APPDATA: '/roaming' }, 'win32')).toBe(join('/roaming', 'Enlarger'));
    expect(configFolder({}, 'darwin')).toMatch(/Library.Application Support.Enlarger$/);
  });
});
