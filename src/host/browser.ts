import { spawn } from 'node:child_process';

/** The command that opens an address in the user's browser; undefined: there is no screen to open it on. */
export function openerOf(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): { command: string; args: string[] } | undefined {
  if (platform === 'darwin') return { command: 'open', args: [] };
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  if (environment['DISPLAY'] || environment['WAYLAND_DISPLAY']) return { command: 'xdg-open', args: [] };
  return undefined;
}

/** Opens the system's browser; where that fails, the printed address is still there to be opened by hand. */
export function openBrowser(address: string): void {
  const opener = openerOf(process.platform, process.env);
  if (opener === undefined) return;
  const child = spawn(opener.command, [...opener.args, address], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
