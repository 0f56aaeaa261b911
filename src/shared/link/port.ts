/**
 * The two ends of a connection as this project sees every transport: a child process, an Electron
 * utility process, a MessagePort, a WebSocket, or an in-memory pair in tests. One small adapter each.
 */
export interface Port<Out, In> {
  /** Resolves when the transport has taken the message: awaiting it keeps the sender from running ahead. */
  send(message: Out): Promise<void>;
  onMessage(listener: (message: In) => void): void;
}

/** A started engine process, seen from its door. */
export interface EngineProcess<Out, In> extends Port<Out, In> {
  /** Each listener is called once, when the process has ended; `reason` is for the details of a fault. */
  onExit(listener: (reason: string) => void): void;
  /** Ends the process: in order where it still listens, by force a few seconds later. */
  kill(): void;
  /** Ends the process by force, now, whatever it is at. */
  end(): void;
}
