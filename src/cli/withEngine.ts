import { startChildEngine } from '../childEngine/childEngine';
import { EngineLink, type EngineChild } from '../shared/link/engineLink';
import { EngineSession } from './engineSession';
import { EXIT } from './exitStatus';
import { watchInterrupts } from './interrupts';
import type { Terminal } from './terminal';

/** What the engine has to remove its temporary files in when the user will not wait. */
const LAST_WORDS_SECONDS = 1;

const STOPPING = 'Stopping as soon as the tile at hand is done; press Ctrl-C again to end at once.';

/**
 * Starts the engine for one command, and ends it whatever happens. The first Ctrl-C aborts the session's
 * signal, the second ends the process within a second. `stopping` is what the first is answered with.
 */
export async function withEngine<T>(
  terminal: Terminal,
  work: (session: EngineSession) => Promise<T>,
  stopping = STOPPING,
): Promise<T> {
  let engine: EngineChild | undefined;
  const interrupts = watchInterrupts(
    () => terminal.note(stopping),
    () => {
      terminal.clearProgress();
      const end = (): never => process.exit(EXIT.interrupted);
      setTimeout(end, LAST_WORDS_SECONDS * 1000);
      engine?.onExit(end);
      engine?.kill();
    },
  );
  const session = new EngineSession(
    ({ onEvent, onLost }) => {
      const link = new EngineLink({
        spawn: () => (engine = startChildEngine({ ownGroup: true })),
        onEvent: (_client, event) => onEvent(event),
        onLost,
      });
      link.start();
      return link;
    },
    interrupts.signal,
    (message) => terminal.note(message),
  );
  try {
    await terminal.prepareBar();
    return await work(session);
  } finally {
    terminal.clearProgress();
    await session.close();
    interrupts.release();
  }
}
