import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog } from 'electron';
import { DesktopApp } from './desktopApp';
import { refuseRequests, switchNetworkOff } from './network';
import { filesIn } from './openWith';
import { registerScheme, servePage } from './protocol';
import { confine, refusePermissions } from './window';
import { wordsFor } from './words';

const built = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

function start(): void {
  const files: string[] = filesIn(process.argv, process.cwd(), app.isPackaged);
  let desktop: DesktopApp | undefined;

  const open = (paths: readonly string[]): void => {
    if (desktop) desktop.openFiles(paths);
    else files.push(...paths);
  };
  app.on('second-instance', (_event, commandLine, folder) => {
    desktop?.show();
    open(filesIn(commandLine, folder, app.isPackaged));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    desktop?.show();
    open([path]);
  });
  app.on('web-contents-created', (_event, contents) => confine(contents));
  app.on('activate', () => desktop?.show());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', () => desktop?.end());

  const run = async (): Promise<void> => {
    await app.whenReady();
    refusePermissions();
    await refuseRequests();
    await servePage(built('renderer'));
    desktop = new DesktopApp({
      window: {
        preload: built('preload/index.cjs'),
        place: join(app.getPath('userData'), 'window.json'),
        ...(app.isPackaged ? {} : { icon: built('../resources/icons/icon.png') }),
      },
      session: {
        file: join(app.getPath('userData'), 'session.json'),
        pictures: join(app.getPath('userData'), 'pictures'),
      },
      recent: join(app.getPath('userData'), 'recent.json'),
      engine: { path: built('engine/index.js'), args: [] },
    });
    desktop.start();
    desktop.openFiles(files);
  };
  run().catch((error: unknown) => {
    const words = wordsFor(app.getLocale());
    dialog.showErrorBox(words.cannotStart, `${words.pageMissing}\n\n${String(error)}`);
    app.exit(1);
  });
}

registerScheme();
switchNetworkOff();
app.enableSandbox();
if (app.requestSingleInstanceLock()) start();
else app.quit();
