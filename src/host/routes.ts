import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Result } from '../shared/faults';
import { pageHeaders } from '../shared/pageFiles';
import type { Downloads } from './downloads';
import { respondWithFile, respondWithResult, respondWithWords } from './respond';
import type { Gate } from './security';
import type { Sessions } from './sessions';
import type { PageFiles } from './static';
import type { TabSession } from './tabSession';

export interface Routes {
  readonly gate: Gate;
  readonly pageFiles: PageFiles;
  readonly downloads: Downloads;
  readonly sessions: Sessions;
}

const COME_AGAIN =
  'To get a new address, end Enlarger where you started it and start it again (<code>enlarger serve</code> or <code>npm start</code>).';

/** Answers one request: refuses strangers, lets the right browser in, serves the page, takes and gives files. Rejects on what is no path. */
export async function route(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = routes.gate.refusal(request);
  const connect = refusal === undefined ? ["'self'", `ws://${String(request.headers.host)}`] : [];
  for (const [name, value] of Object.entries(pageHeaders(connect))) response.setHeader(name, value);
  if (refusal !== undefined) {
    respondWithWords(response, 403, refusal);
    return;
  }
  const path = request.url ?? '';
  if (!path.startsWith('/')) throw new URIError(`expected a path, received ${path}`);
  const address = new URL(`http://localhost${path}`);
  const token = address.searchParams.get('token');
  if (address.pathname === '/' && token !== null) enter(routes.gate, request, response, token);
  else if (!routes.gate.admits(request)) {
    const why = 'This Enlarger is open to the browser that came by its one-time address.';
    respondWithWords(response, 403, why, COME_AGAIN);
  } else if (!(await serve(routes, request, response, address))) {
    respondWithWords(response, 404, 'There is nothing at this address. <a href="/">To Enlarger</a>');
  }
}

/** Exchanges the token for the session cookie, once; a browser that has the cookie just goes on. */
function enter(gate: Gate, request: IncomingMessage, response: ServerResponse, token: string): void {
  // A browser may look ahead, with HEAD or a speculative GET; only a real visit spends the token.
  const isVisit = request.method === 'GET' && request.headers['sec-purpose'] === undefined;
  const cookie = isVisit ? gate.redeem(token) : undefined;
  if (cookie === undefined && !gate.admits(request)) {
    const why = 'This address of Enlarger was used already, or it is not from this start. It works once.';
    respondWithWords(response, 403, why, COME_AGAIN);
    return;
  }
  if (cookie !== undefined) response.setHeader('set-cookie', cookie);
  response.writeHead(303, { location: '/', 'cache-control': 'no-store' }).end();
}

type Take = (session: TabSession, request: IncomingMessage, name: string) => Promise<Result<unknown>>;

/** What pages send, by its address. */
const TAKEN: Readonly<Record<string, Take>> = {
  '/photos': (session, request, name) => session.receivePhoto(request, name),
  '/models': (session, request, name) => session.receiveModel(request, name),
};

/** False: there is nothing at this address. */
async function serve(
  { pageFiles, downloads, sessions }: Routes,
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, searchParams }: URL,
): Promise<boolean> {
  const { method } = request;
  const take = method === 'POST' ? TAKEN[pathname] : undefined;
  if (take !== undefined) {
    await takeFile(sessions, request, response, (session) =>
      take(session, request, (searchParams.get('name') ?? 'file').slice(0, 255)),
    );
    return true;
  }
  if (method !== 'GET' && method !== 'HEAD') return false;
  const file = pageFiles.get(pathname);
  if (file === undefined) return method === 'GET' && downloads.send(pathname, response);
  respondWithFile(response, file);
  return true;
}

async function takeFile(
  sessions: Sessions,
  request: IncomingMessage,
  response: ServerResponse,
  take: (session: TabSession) => Promise<Result<unknown>>,
): Promise<void> {
  const session = sessions.of(String(request.headers['x-enlarger-client']));
  if (session === undefined) {
    const message = 'Expected an open page in the header x-enlarger-client; reload the page and try again.';
    response.setHeader('connection', 'close');
    respondWithResult(response, 403, { ok: false, fault: { code: 'bad-message', message } });
    return;
  }
  const result = await take(session);
  // What was not read of a refused upload would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  const status = result.ok || result.fault.code !== 'too-large' ? 200 : 413;
  if (!response.destroyed) respondWithResult(response, status, result);
}
