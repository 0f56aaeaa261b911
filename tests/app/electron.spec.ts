import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { EditorPage } from './editorPage';

/** Electron's program, without asking the package, which would try to download it. */
function findProgram(): string | undefined {
  const pathFile = 'node_modules/electron/path.txt';
  if (!existsSync(pathFile)) return undefined;
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? 'node_modules/electron/dist';
  const program = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}
const program = findProgram();
const hasScreen =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

test.skip(program === undefined, "Electron's runtime is not installed; npx install-electron fetches it.");
test.skip(!hasScreen, 'There is no screen; xvfb-run gives one.');
test.skip(isRoot, "Electron's sandbox does not run as root.");

test('the desktop app opens the sample and shows sharp tiles', async () => {
  const home = await mkdtemp(join(tmpdir(), 'enlarger-desktop-test-'));
  const app = await _electron.launch({
    args: ['out/main/index.js', `--user-data-dir=${home}`],
    env: { ...(process.env as Record<string, string>), ENLARGER_HOME: home, LANG: 'en_US.UTF-8' },
    ...(program === undefined ? {} : { executablePath: program }),
  });
  try {
    const editor = new EditorPage(await app.firstWindow());
    await editor.page.locator('.app').waitFor();
    await editor.page
      .getByRole('button')
      .filter({ hasText: /sample|견본/ })
      .click();
    await editor.sharp();
    const reach = await editor.page.evaluate(() => [typeof globalThis.process, 'require' in globalThis]);
    expect(reach).toEqual(['undefined', false]);
    expect(editor.complaints).toEqual([]);
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
});
