import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findReporting, remotesOf, staysHere } from '../../../src/engine/runtime/reporting';

describe('addresses of /proc/net', () => {
  it.each([
    ['0100007F:1F90', true],
    ['00000000:0000', true],
    ['00000000000000000000000000000000:0000', true],
    ['00000000000000000000000001000000:0050', true],
    ['0000000000000000FFFF00000100007F:0050', true],
    ['0101A8C0:01BB', false],
    ['B80D01200000000067452301EFCDAB89:01BB', false],
    ['0000000000000000FFFF00000101A8C0:01BB', false],
  ])('%s stays here: %s', (address, here) => expect(staysHere(address)).toBe(here));

  it('are looked at for the sockets of this process alone', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:A1B2 0101A8C0:01BB 01 00000000:00000000 00:00000000 00000000     0        0 4711 1',
      '   1: 0100007F:A1B2 0201A8C0:01BB 01 00000000:00000000 00:00000000 00000000     0        0 4712 1',
      '   2: 0100007F:A1B2 0100007F:01BB 01 00000000:00000000 00:00000000 00000000     0        0 4711 1',
    ].join('\n');
    expect(remotesOf(table, new Set(['4711']))).toEqual(['0101A8C0:01BB']);
  });
});

it('says that reporting is on where the runtime was not told to keep quiet', async () => {
  expect(await findReporting('linux', {})).toMatchObject({ off: false });
  expect(await findReporting('linux', { ORT_DISABLE_TELEMETRY: '0' })).toMatchObject({ off: false });
  expect(await findReporting('darwin', { ORT_DISABLE_TELEMETRY: '1' })).toMatchObject({ off: true });
});

// The environment variable is not known to the build for Windows, and the Node binding has no call for the
// runtime's switch: what is said of Windows rests on this alone.
it.each(['x64', 'arm64'])("the runtime's build for Windows (%s) imports no network", (arch) => {
  const library = resolve('node_modules/onnxruntime-node/bin/napi-v6/win32', arch, 'onnxruntime.dll');
  const imports = importedLibraries(readFileSync(library));
  expect(imports).toContain('api-ms-win-eventing-provider-l1-1-0.dll'); // the table was read, and ETW is in it
  expect(
    imports.filter((name) => /winhttp|wininet|ws2_32|wsock32|urlmon|dnsapi|websocket/.test(name)),
  ).toEqual([]);
  const text = readFileSync(join(library), 'latin1');
  expect(text).not.toMatch(/winhttp\.dll|wininet\.dll|ws2_32\.dll/i); // nor loads one by its name
});

/** The names in the import and delay-import directories of a 64-bit PE file (Microsoft's PE format, .idata). */
function importedLibraries(file: Buffer): string[] {
  const header = file.readUInt32LE(0x3c);
  const sections = file.readUInt16LE(header + 6);
  const optional = header + 24;
  const table = optional + file.readUInt16LE(header + 20);
  const offsetOf = (address: number): number => {
    for (let at = table; at < table + sections * 40; at += 40) {
      const start = file.readUInt32LE(at + 12);
      if (address >= start && address < start + file.readUInt32LE(at + 16)) {
        return address - start + file.readUInt32LE(at + 20);
      }
    }
    throw new RangeError(`no section holds the address ${address}`);
  };
  const nameAt = (address: number): string => {
    const start = offsetOf(address);
    return file.toString('latin1', start, file.indexOf(0, start)).toLowerCase();
  };
  const names: string[] = [];
  for (const [directory, size, name] of [
    [1, 20, 12],
    [13, 32, 4],
  ] as const) {
    const address = file.readUInt32LE(optional + 112 + directory * 8);
    if (address === 0) continue;
    for (let at = offsetOf(address); file.readUInt32LE(at + name) !== 0; at += size) {
      names.push(nameAt(file.readUInt32LE(at + name)));
    }
  }
  return names;
}
