import { resolve } from 'node:path';
import { EXIT, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';
import type { EngineSession } from '../engineSession';

/** Does something with a method of that id, and says so. */
async function onMethod(
  id: string,
  sentence: string,
  work: (session: EngineSession) => Promise<unknown>,
): Promise<ExitStatus> {
  const terminal = new Terminal({ quiet: false, json: false });
  return withEngine(terminal, async (session) => {
    await listMethods(session, [id]);
    await work(session);
    terminal.result(sentence);
    return EXIT.done;
  });
}

export const renameMethod = (id: string, name: string): Promise<ExitStatus> =>
  onMethod(id, `${id} is called ${name} now; its id stays.`, (session) =>
    session.call('method:rename', { id, name }),
  );

export const removeMethod = (id: string): Promise<ExitStatus> =>
  onMethod(id, `${id} is removed.`, (session) => session.call('method:remove', { id }));

export const exportMethod = (id: string, output: string): Promise<ExitStatus> =>
  onMethod(id, `${id} is in ${output}.`, (session) =>
    session.call('method:export', { id, path: resolve(output) }),
  );
