import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';

const config = readFileSync(new URL('../../electron-builder.yml', import.meta.url), 'utf8');

/** The `key: value` lines of a top-level block of the configuration. */
function block(name: string): Record<string, string> {
  const lines = config.split('\n');
  const start = lines.indexOf(`${name}:`) + 1;
  const length = lines.slice(start).findIndex((line) => !line.startsWith('  '));
  return Object.fromEntries(
    lines.slice(start, start + length).map((line) => line.trim().split(': ') as [string, string]),
  );
}

it('sets every fuse to its safe side', () => {
  expect(block('electronFuses')).toEqual({
    runAsNode: 'false',
    enableCookieEncryption: 'true',
    enableNodeOptionsEnvironmentVariable: 'false',
    enableNodeCliInspectArguments: 'false',
    enableEmbeddedAsarIntegrityValidation: 'true',
    onlyLoadAppFromAsar: 'true',
    grantFileProtocolExtraPrivileges: 'false',
  });
});

it('leaves every line of code in the archive, and outside it only what a system loads itself', () => {
  const start = config.indexOf('asarUnpack:\n');
  const patterns = [...config.slice(start).matchAll(/^ {2}- (node_modules.*)$/gm)].map(([, found]) => found!);
  const unpacked = patterns.map((pattern) => {
    const escaped = pattern
      .replace(/[.]/g, '\\.')
      .replace(/\*\*|\*/g, (stars) => (stars === '**' ? '.*' : '[^/]*'))
      .replace(/\{(.*?)\}/g, (_, choices: string) => `(${choices.replaceAll(',', '|')})`);
    return new RegExp(`^${escaped}$`);
  });
  const root = new URL('../../', import.meta.url);
  const files = ['node_modules/onnxruntime-node', 'node_modules/sharp', 'node_modules/@img', 'out']
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name.replaceAll('\\', '/')}`,
      ),
    )
    .filter((path) => statSync(new URL(path, root)).isFile());
  const outside = files.filter((path) => unpacked.some((pattern) => pattern.test(path)));
  expect(outside.filter((path) => /\.([cm]?js|json|html)$/.test(path))).toEqual([]);
  const native = files.filter((path) => /\.(node|dll|dylib|so(\.[\d.]+)?)$/.test(path));
  expect(outside.sort()).toEqual(native.sort());
  expect(native.length).toBeGreaterThan(3);
  expect(config).toMatch(/^asar: \{ smartUnpack: false \}$/m);
});

it("hardens the macOS app, and loosens only what V8 and others' libraries need", () => {
  expect(block('mac')['hardenedRuntime']).toBe('true');
  const entitlements = readFileSync(
    new URL('../../resources/entitlements.mac.plist', import.meta.url),
    'utf8',
  );
  expect([...entitlements.matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key)).toEqual([
    'com.apple.security.cs.allow-jit',
    'com.apple.security.cs.disable-library-validation',
  ]);
});

it('takes every folder along that the engine reads', () => {
  const taken = [...config.matchAll(/from: resources\/(\w+), to: resources\/\1 /g)].map(
    ([, folder]) => folder,
  );
  expect(taken).toEqual(['models', 'encoders', 'sample']);
});
