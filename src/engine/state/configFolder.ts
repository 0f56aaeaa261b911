import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where Enlarger remembers things between starts: ENLARGER_HOME where it is set, otherwise the folder that
 * the system gives to applications (XDG_CONFIG_HOME or ~/.config, APPDATA, ~/Library/Application Support).
 */
export function configFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env['ENLARGER_HOME']) return env['ENLARGER_HOME'];
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Enlarger');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Enlarger');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'enlarger');
}
