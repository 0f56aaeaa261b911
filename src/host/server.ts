import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { TAB_PROTOCOL, TAB_SECRET_PREFIX } from '../shared/contract';
import type { EngineChild } from '../shared/link/engineLink';
import type { Bounds } from './clientBounds';
import { Downloads } from './downloads';
import { respondWithWords } from './respond';
import { route } from './routes';
import { Gate } from './security';
import { Sessions } from './sessions';
import type { Tab } from './tab';
import { TabFiles } from './tabFiles';
import { makeTransferFolder } from './transferFolder';
import type { PageFiles } from './static';
import { UPLOAD_BYTES_MAX } from './uploads';

/** The largest call, `session:write`, has a million characters of JSON, which are at most three bytes each. */
const FRAME_BYTES_MAX = 4 * 1024 * 1024;

export interface HostOptions {
  readonly pageFiles: PageFiles;
  readonly spawnEngine: () => EngineChild;
  /** 0: any free port. */
  readonly port: number;
  readonly version: string;
  readonly uploadBytesMax?: number;
  readonly bounds?: Bounds;
  /** How long a connected tab may take to show that it is there when another claims its place; absent: as usual. */
  readonly pongWithinMs?: number;
  /** Takes what the person who started the host should know, one sentence at a time. */
  readonly tell?: (sentence: string) => void;
}

export interface Host {
  /** Where the page is, with the token that opens it once. */
  readonly address: string;
  readonly port: number;
  /** Ends every connection and the engine, deletes every temporary file. */
  close(): Promise<void>;
}

/** The secret of a returning tab, which a page can send only as an offered subprotocol. */
function secretOf(request: IncomingMessage): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return offered.find((name) => name.startsWith(TAB_SECRET_PREFIX))?.slice(TAB_SECRET_PREFIX.length);
}

/** Serves the page to browsers on this machine and nobody else. Rejects where the port is taken. */
export async function startHost(options: HostOptions): Promise<Host> {
  const server = createServer();
  server.requestTimeout = 0; // a large photo through a slow tunnel takes as long as it takes
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(options.port, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  const gate = new Gate(`enlarger-${port}`);
  const folder = await makeTransferFolder();
  const {
    version,
    uploadBytesMax = UPLOAD_BYTES_MAX,
    bounds,
    pongWithinMs,
    tell = () => undefined,
  } = options;
  const notKept = (error: unknown): void => tell(`What is open could not be kept: ${String(error)}`);
  const downloads = new Downloads(folder.path, notKept);
  const files = new TabFiles(folder.path, notKept);
  const finished: string[] = [];
  const left: Tab[] = [];
  for (const place of folder.inherited) {
    const found = await downloads.inherit(place);
    finished.push(...found.map(({ job }) => job));
    left.push(
      ...(await files.inherit(
        place,
        found.map(({ path }) => path),
      )),
    );
  }
  const sessions = new Sessions(
    options.spawnEngine,
    { folder, downloads, version, uploadBytesMax, bounds, pongWithinMs, tell },
    tell,
    { files, left, finished },
  );
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(TAB_PROTOCOL) ? TAB_PROTOCOL : false),
  });

  const routes = { gate, pageFiles: options.pageFiles, downloads, sessions };

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (gate.refusal(request) !== undefined || !gate.admits(request) || request.url !== '/engine') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    // Node has let go of the socket: without a listener its error would end the host.
    socket.on('error', () => socket.destroy());
    void sessions.tabOf(secretOf(request)).then((tab) => {
      sockets.handleUpgrade(request, socket, head, (connection) => sessions.add(connection, tab));
      sessions.giveBackUnused(tab);
    });
  }

  server.on('request', (request, response) => {
    route(routes, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else respondWithWords(response, 400, 'Expected a request of the page of Enlarger.');
    });
  });
  server.on('upgrade', upgrade);

  return {
    address: `http://127.0.0.1:${port}/?token=${gate.token}`,
    port,
    close: async () => {
      const engineEnded = sessions.close();
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await engineEnded;
      await Promise.all([files.close(), downloads.close()]);
      await folder.remove();
    },
  };
}
